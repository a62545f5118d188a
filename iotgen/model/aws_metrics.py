"""The names of the metrics that AWS's services publish, of their pages and of lists that others keep.

A name too many is never noticed; one too few may be taken for a slip, which is why the rule only warns.

Those with `more` have others too, of parts of the service that have nothing to do with a pipeline.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Published:
    """The metrics of a namespace by the page at `page`; of names that begin alike, the usual one first."""

    page: str
    names: tuple[str, ...]
    more: bool = False


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PUBLISHED: Mapping[str, Published] = {
    "AWS/SQS": Published(
        page="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
        names=_names("""
        ApproximateAgeOfOldestMessage ApproximateNumberOfGroupsWithInflightMessages
        ApproximateNumberOfMessagesVisible ApproximateNumberOfMessagesNotVisible
        ApproximateNumberOfMessagesDelayed ApproximateNumberOfNoisyGroups
        ApproximateNumberOfMessagesVisibleInQuietGroups ApproximateNumberOfMessagesNotVisibleInQuietGroups
        ApproximateNumberOfMessagesDelayedInQuietGroups ApproximateAgeOfOldestMessageInQuietGroups
        NumberOfDeduplicatedSentMessages NumberOfEmptyReceives NumberOfMessagesDeleted
        NumberOfMessagesReceived NumberOfMessagesSent SentMessageSize
        """),
    ),
    "AWS/Lambda": Published(
        page="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        names=_names("""
        Invocations Errors Throttles Duration ConcurrentExecutions DeadLetterErrors
        DestinationDeliveryFailures AsyncEventAge AsyncEventsDropped AsyncEventsReceived
        ClaimedAccountConcurrency IteratorAge OffsetLag OversizedRecordCount PostRuntimeExtensionsDuration
        ProvisionedConcurrencyInvocations ProvisionedConcurrencySpilloverInvocations
        ProvisionedConcurrencyUtilization ProvisionedConcurrentExecutions RecursiveInvocationsDropped
        SignatureValidationErrors UnreservedConcurrentExecutions PolledEventCount FilteredOutEventCount
        InvokedEventCount FailedInvokeEventCount DroppedEventCount OnFailureDestinationDeliveredEventCount
        DeletedEventCount ProvisionedPollers
        """),
        more=True,
    ),
    "AWS/DynamoDB": Published(
        page="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html",
        names=_names("""
        ConsumedReadCapacityUnits ConsumedWriteCapacityUnits ProvisionedReadCapacityUnits
        ProvisionedWriteCapacityUnits ReadThrottleEvents WriteThrottleEvents ThrottledRequests SystemErrors
        UserErrors SuccessfulRequestLatency ConditionalCheckFailedRequests TransactionConflict
        TimeToLiveDeletedItemCount ReturnedBytes ReturnedItemCount ReturnedRecordsCount
        ReadAccountLimitThrottleEvents ReadKeyRangeThroughputThrottleEvents
        ReadMaxOnDemandThroughputThrottleEvents ReadProvisionedThroughputThrottleEvents
        WriteAccountLimitThrottleEvents WriteKeyRangeThroughputThrottleEvents
        WriteMaxOnDemandThroughputThrottleEvents WriteProvisionedThroughputThrottleEvents
        AccountMaxReads AccountMaxTableLevelReads AccountMaxTableLevelWrites AccountMaxWrites
        AccountProvisionedReadCapacityUtilization AccountProvisionedWriteCapacityUtilization
        MaxProvisionedTableReadCapacityUtilization MaxProvisionedTableWriteCapacityUtilization
        OnDemandMaxReadRequestUnits OnDemandMaxWriteRequestUnits OnlineIndexConsumedWriteCapacity
        OnlineIndexPercentageProgress OnlineIndexThrottleEvents AgeOfOldestUnreplicatedRecord
        ConsumedChangeDataCaptureUnits FailedToReplicateRecordCount ThrottledPutRecordCount
        PendingReplicationCount ReplicationLatency FaultInjectionServiceInducedErrors
        """),
    ),
    "AWS/Kinesis": Published(
        page="https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html",
        names=_names("""
        IncomingBytes IncomingRecords OutgoingBytes OutgoingRecords
        GetRecords.IteratorAgeMilliseconds GetRecords.IteratorAge GetRecords.Bytes GetRecords.Latency
        GetRecords.Records GetRecords.Success IteratorAgeMilliseconds PutRecord.Bytes PutRecord.Latency
        PutRecord.Success PutRecords.Bytes PutRecords.Latency PutRecords.Records PutRecords.Success
        PutRecords.TotalRecords PutRecords.SuccessfulRecords PutRecords.FailedRecords
        PutRecords.ThrottledRecords ReadProvisionedThroughputExceeded WriteProvisionedThroughputExceeded
        SubscribeToShard.RateExceeded SubscribeToShard.Success SubscribeToShardEvent.Bytes
        SubscribeToShardEvent.MillisBehindLatest SubscribeToShardEvent.Records
        SubscribeToShardEvent.Success
        """),
        more=True,
    ),
    "AWS/Firehose": Published(
        page="https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html",
        names=_names("""
        IncomingBytes IncomingRecords DeliveryToS3.DataFreshness DeliveryToS3.Success DeliveryToS3.Bytes
        DeliveryToS3.ObjectCount DeliveryToS3.Records BackupToS3.Bytes BackupToS3.DataFreshness
        BackupToS3.Records BackupToS3.Success DataReadFromKinesisStream.Bytes
        DataReadFromKinesisStream.Records KinesisMillisBehindLatest ExecuteProcessing.Duration
        ExecuteProcessing.Success SucceedProcessing.Bytes SucceedProcessing.Records
        SucceedConversion.Bytes SucceedConversion.Records FailedConversion.Bytes FailedConversion.Records
        JQProcessing.Duration PartitionCount PartitionCountExceeded PerPartitionThroughput
        ActivePartitionsLimit DeliveryToSplunk.DataFreshness DeliveryToHttpEndpoint.DataFreshness
        PutRecord.Bytes PutRecord.Latency PutRecord.Requests PutRecordBatch.Bytes PutRecordBatch.Latency
        PutRecordBatch.Records PutRecordBatch.Requests ThrottledRecords ThrottledDescribeStream
        ThrottledGetRecords ThrottledGetShardIterator BytesPerSecondLimit RecordsPerSecondLimit
        PutRequestsPerSecondLimit KMSKeyAccessDenied KMSKeyDisabled KMSKeyInvalidState KMSKeyNotFound
        """),
        more=True,
    ),
    "AWS/SNS": Published(
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html",
        names=_names("""
        NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed
        NumberOfNotificationsFilteredOut NumberOfNotificationsFilteredOut-InvalidAttributes
        NumberOfNotificationsFilteredOut-NoMessageAttributes
        NumberOfNotificationsFilteredOut-MessageAttributes
        NumberOfNotificationsFilteredOut-InvalidMessageBody
        NumberOfNotificationsFilteredOut-MessageBody NumberOfNotificationsRedrivenToDlq
        NumberOfNotificationsFailedToRedriveToDlq PublishSize SMSMonthToDateSpentUSD SMSSuccessRate
        """),
    ),
    "AWS/ApiGateway": Published(
        page="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html",
        names=_names("""
        Count Latency IntegrationLatency 4XXError 5XXError CacheHitCount CacheMissCount 4xx 5xx
        DataProcessed ClientError ConnectCount ExecutionError IntegrationError MessageCount
        """),
    ),
    "AWS/IoT": Published(
        page="https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html",
        names=_names("""
        TopicMatch ParseError RuleMessageThrottled RuleNotFound RulesExecuted Failure Success
        Connect.AuthError Connect.ClientError Connect.ClientIDThrottle Connect.ServerError Connect.Success
        Connect.Throttle Ping.Success PublishIn.AuthError PublishIn.ClientError PublishIn.ServerError
        PublishIn.Success PublishIn.Throttle PublishOut.AuthError PublishOut.ClientError
        PublishOut.Success PublishOut.Throttle Subscribe.AuthError Subscribe.ClientError
        Subscribe.ServerError Subscribe.Success Subscribe.Throttle Unsubscribe.ClientError
        Unsubscribe.ServerError Unsubscribe.Success Unsubscribe.Throttle DeleteThingShadow.Accepted
        GetThingShadow.Accepted UpdateThingShadow.Accepted
        """),
        more=True,
    ),
    "AWS/States": Published(
        page="https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html",
        names=_names("""
        ExecutionsFailed ExecutionsTimedOut ExecutionsAborted ExecutionsStarted ExecutionsSucceeded
        ExecutionThrottled ExecutionTime ExpressExecutionBilledDuration ExpressExecutionBilledMemory
        ExpressExecutionMemory ActivitiesFailed ActivitiesHeartbeatTimedOut ActivitiesScheduled
        ActivitiesStarted ActivitiesSucceeded ActivitiesTimedOut ActivityRunTime ActivityScheduleTime
        ActivityTime LambdaFunctionRunTime LambdaFunctionScheduleTime LambdaFunctionTime
        LambdaFunctionsFailed LambdaFunctionsScheduled LambdaFunctionsStarted LambdaFunctionsSucceeded
        LambdaFunctionsTimedOut ServiceIntegrationRunTime ServiceIntegrationScheduleTime
        ServiceIntegrationTime ServiceIntegrationsFailed ServiceIntegrationsScheduled
        ServiceIntegrationsStarted ServiceIntegrationsSucceeded ServiceIntegrationsTimedOut
        ThrottledEvents ProvisionedBucketSize ProvisionedRefillRate ConsumedCapacity
        """),
        more=True,
    ),
    "AWS/Events": Published(
        page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html",
        names=_names("""
        Invocations FailedInvocations DeadLetterInvocations InvocationAttempts InvocationsCreated
        InvocationsFailedToBeSentToDlq InvocationsSentToDlq MatchedEvents TriggeredRules ThrottledRules
        RetryInvocationAttempts SuccessfulInvocationAttempts IngestionToInvocationStartLatency
        IngestionToInvocationCompleteLatency IngestionToInvocationSuccessLatency Events
        """),
        more=True,
    ),
}

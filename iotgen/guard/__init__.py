"""What a plan would lose: the resources that it destroys, what they hold, and which of them are only renamed.

Nothing that is rendered prevents destruction. This guard asks before the plan is applied.
"""

const answer = async () => ({ statusCode: 200, body: "[]" });
for (const name of ["getMessages", "getMessage", "postMessage", "putMessage", "deleteMessage"]) exports[name] = answer;

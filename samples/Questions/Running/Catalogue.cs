namespace GopherFlow.Questions.Running;

/// <summary>Every question that a sample answers.</summary>
public static class Catalogue
{
    public static IReadOnlyList<Question> All { get; } =
    [
        new("Retry", "How is a call repeated with back-off, and which errors are not?", Retry.RunAsync),
        new("Idempotent", "How does a step that runs twice charge once?", Idempotent.RunAsync),
        new("Signal", "How does a workflow wait for a message, or for a deadline?", Signal.RunAsync),
        new("Approval", "How does a person approve, and who is asked when nobody does?", Approval.RunAsync),
        new("FanOut", "How does a workflow start children, and continue when all have ended?", FanOut.RunAsync),
        new("Poll", "How is a system polled that cannot call back?", Poll.RunAsync),
        new("ForEver", "How does a workflow loop for ever with a short history?", ForEver.RunAsync),
        new("Schedule", "How does a workflow start every Monday?", Schedule.RunAsync),
        new("Ado", "How does a step write to my own table, exactly once?", Ado.RunAsync),
        new("WithDapper", "How does a step write with Dapper?", WithDapper.RunAsync),
        new("WithEntityFramework", "How does a step write with Entity Framework?", WithEntityFramework.RunAsync),
        new("OwnTransaction", "How are my order and its workflow one commit?", OwnTransaction.RunAsync),
        new("Result", "How does a program start a workflow and wait for its result?", Result.RunAsync),
        new("Webhooks", "How is another program told that a workflow has ended?", Webhooks.RunAsync),
        new("Worker", "How does a program run workflows without HTTP?", Worker.RunAsync),
        new("Cancel", "How does a cancelled workflow clean up?", Cancel.RunAsync),
        new("Pause", "What becomes of a workflow that is paused and resumed?", Pause.RunAsync),
        new("Bulk", "How is something done to every workflow that a filter means?", Bulk.RunAsync),
        new("LimitByKey", "How does one customer's work run one at a time?", LimitByKey.RunAsync),
        new("RateLimits", "How does a step begin no more than so often a minute?", RateLimits.RunAsync),
        new("Secret", "How do secrets stay out of the history?", Secret.RunAsync),
        new("Upgrade", "What happens to data of an older version?", Upgrade.RunAsync),
        new("Versions", "How do two versions run side by side, and one is moved to the other?", Versions.RunAsync),
        new("Tested", "How is a workflow tested without waiting?", Tested.RunAsync),
        new("Replaying", "Would the code of today decide as that of yesterday did?", Replaying.RunAsync),
        new("FSharpRecords", "How does an F# script use records and unions?", FSharpRecords.RunAsync),
    ];
}

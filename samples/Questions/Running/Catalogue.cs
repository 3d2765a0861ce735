namespace GopherFlow.Questions.Running;

/// <summary>All questions, with the samples that answer them.</summary>
public static class Catalogue
{
    public static IReadOnlyList<Question> All { get; } =
    [
        new("Retry", "How is a call retried with back-off, and which errors are not retried?", Retry.RunAsync),
        new("Idempotent", "How does a step that runs twice charge only once?", Idempotent.RunAsync),
        new("Signal", "How does a workflow wait for a message, with a deadline?", Signal.RunAsync),
        new("Approval", "How does a person approve, and how is a late approval escalated?", Approval.RunAsync),
        new("FanOut", "How does a workflow start children and wait until all have ended?", FanOut.RunAsync),
        new("Poll", "How does a workflow poll a system that cannot call back?", Poll.RunAsync),
        new("ForEver", "How does a workflow loop forever with a short history?", ForEver.RunAsync),
        new("Schedule", "How does a workflow start every Monday?", Schedule.RunAsync),
        new("Ado", "How does a step write to my own table, exactly once?", Ado.RunAsync),
        new("WithDapper", "How does a step write with Dapper?", WithDapper.RunAsync),
        new("WithEntityFramework", "How does a step write with Entity Framework?", WithEntityFramework.RunAsync),
        new("OwnTransaction", "How do I store an order and its workflow in one transaction?", OwnTransaction.RunAsync),
        new("Result", "How does a program start a workflow and wait for its result?", Result.RunAsync),
        new("Webhooks", "How is another system notified when a workflow ends?", Webhooks.RunAsync),
        new("Worker", "How does a program run workflows without HTTP?", Worker.RunAsync),
        new("Cancel", "How does a cancelled workflow clean up?", Cancel.RunAsync),
        new("Pause", "What happens to a workflow that is paused and resumed?", Pause.RunAsync),
        new("Bulk", "How do I apply an operation to all workflows that match a filter?", Bulk.RunAsync),
        new("LimitByKey", "How is the work of each customer run one at a time?", LimitByKey.RunAsync),
        new("RateLimits", "How do I limit how often a step runs per second?", RateLimits.RunAsync),
        new("Secret", "How do secrets stay out of the history?", Secret.RunAsync),
        new("Upgrade", "What happens to data of an older version?", Upgrade.RunAsync),
        new("Versions", "How do two versions run side by side, and how are workflows migrated?", Versions.RunAsync),
        new("Tested", "How is a workflow tested without waiting?", Tested.RunAsync),
        new("Replaying", "Does the current code make the same decisions as the previous version?", Replaying.RunAsync),
        new("FSharpRecords", "How does an F# script use records and unions?", FSharpRecords.RunAsync),
    ];
}

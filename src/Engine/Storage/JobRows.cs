using GopherFlow.Authoring;

namespace GopherFlow.Storage;

/// <summary>Reads jobs. Defines the order of their columns.</summary>
internal static class JobRows
{
    public static JobRecord Job(IStoredRow row) =>
        new()
        {
            Id = row.Number(),
            Operation = row.Text(),
            Filter = row.Text(),
            Actor = row.Text(),
            Reason = row.OptionalText(),
            Status = JobStatusNames.Parse(row.Text()),
            Created = row.Instant(),
            Started = row.OptionalInstant(),
            Ended = row.OptionalInstant(),
            CancelRequested = row.OptionalInstant(),
            UpToId = row.Number(),
            AfterId = row.Number(),
            Pending = row.OptionalText(),
            Total = row.OptionalNumber(),
            Done = row.Number(),
            Failed = row.Number(),
            Skipped = row.Number(),
            Descendants = row.Number(),
            ExecutorId = row.OptionalNumber(),
            Lease = row.Number(),
            LeaseUntil = row.OptionalInstant(),
            Error = row.OptionalText(),
        };

    public static JobFailure Failure(IStoredRow row) => new(row.Number(), row.Text());

    public static FilteredWorkflow Filtered(IStoredRow row) =>
        new(row.Number(), row.Text(), row.Text(), row.Text(), WorkflowStatusNames.Parse(row.Text()));
}

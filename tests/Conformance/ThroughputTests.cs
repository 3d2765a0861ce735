using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The number of workflows that ended in each of the last minutes.</summary>
public sealed class ThroughputTests : StoreContract
{
    private static readonly DateTimeOffset First = A.FirstInstant;
    private static readonly DateTimeOffset Second = First.AddMinutes(1);

    [Theory, OnEveryStore]
    public async Task Reports_of_executors_are_summed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var log = scene.Throughput;
        await log.RecordAsync(1, [Ended(Second, "Order", 3), Ended(First, "Parcel 🦫", 1)], Stop);
        await log.RecordAsync(2, [Ended(Second, "Order", 4)], Stop);
        await log.RecordAsync(2, [new EndedCount(Second, "Order", WorkflowStatus.Failed, 5)], Stop);
        await log.RecordAsync(2, [], Stop);

        Assert.Equal(
            [
                Ended(First, "Parcel 🦫", 1),
                Ended(Second, "Order", 7),
                new EndedCount(Second, "Order", WorkflowStatus.Failed, 5),
            ],
            (await log.ReadAsync(First, Stop)).OrderBy(count => (count.Minute, count.Count > 1, count.Status))
        );
        Assert.Equal(2, (await log.ReadAsync(Second, Stop)).Count);
    }

    [Theory, OnEveryStore]
    public async Task A_repeated_report_of_an_executor_replaces_the_earlier_one(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.Throughput.RecordAsync(1, [Ended(First, "Order", 3)], Stop);
        await scene.Throughput.RecordAsync(1, [Ended(First, "Order", 3)], Stop);
        await scene.Throughput.RecordAsync(1, [Ended(First, "Order", 8)], Stop);

        Assert.Equal([Ended(First, "Order", 8)], await scene.Throughput.ReadAsync(First, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Old_minutes_are_deleted(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.Throughput.RecordAsync(1, [Ended(First, "Order", 3), Ended(Second, "Order", 4)], Stop);
        scene.PassUntil(Second + TimeSpan.FromDays(1));

        await scene.Store.DeleteLeftoversAsync(
            new LeftoverLimits(default, default, 0, default, TimeSpan.FromDays(1), 100),
            Stop
        );

        Assert.Equal([Ended(Second, "Order", 4)], await scene.Throughput.ReadAsync(First, Stop));
    }

    private static EndedCount Ended(DateTimeOffset minute, string type, long count) =>
        new(minute, type, WorkflowStatus.Finished, count);
}

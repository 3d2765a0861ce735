using GopherFlow.Authoring;
using GopherFlow.Execution;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

public sealed class EndedTallyTests
{
    private readonly VirtualClock clock = new(new DateTimeOffset(2026, 1, 1, 12, 0, 30, TimeSpan.Zero));

    [Fact]
    public void Unsaved_counts_are_returned_again_with_later_ones()
    {
        var tally = new EndedTally(clock);
        tally.Add("Order", WorkflowStatus.Finished);
        tally.Add("Order", WorkflowStatus.Failed);
        Assert.Equal(2, tally.Unsaved().Count);

        tally.Add("Order", WorkflowStatus.Finished);
        var sums = tally.Unsaved();
        Assert.Equal(2, sums.Single(sum => sum.Status == WorkflowStatus.Finished).Count);

        tally.MarkSaved(sums);
        Assert.Empty(tally.Unsaved());
    }

    [Fact]
    public void Workflows_that_end_during_a_save_are_not_lost()
    {
        var tally = new EndedTally(clock);
        tally.Add("Order", WorkflowStatus.Finished);
        var saved = tally.Unsaved();
        tally.Add("Order", WorkflowStatus.Finished);
        tally.MarkSaved(saved);

        Assert.Equal(
            [new EndedCount(EndedTally.MinuteOf(clock.GetUtcNow()), "Order", WorkflowStatus.Finished, 2)],
            tally.Unsaved()
        );
    }

    [Fact]
    public void Each_minute_has_its_own_sum_and_old_sums_are_dropped()
    {
        var tally = new EndedTally(clock);
        tally.Add("Order", WorkflowStatus.Finished);
        clock.Advance(TimeSpan.FromSeconds(30));
        tally.Add("Order", WorkflowStatus.Finished);
        Assert.Equal([1, 1], tally.Unsaved().Select(sum => sum.Count));

        clock.Advance(TimeSpan.FromHours(2));
        tally.MarkSaved([]);
        Assert.Empty(tally.Unsaved());
    }
}

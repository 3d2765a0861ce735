using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>Replaces the writing of turns with a faulty one.</summary>
internal delegate ScheduleWriting ScheduleMutation(InMemoryStore rows, Chance chance);

/// <summary>Schedule writers that each break the protocol in one way. The simulator must find all of them.</summary>
internal static class ScheduleMutations
{
    /// <summary>
    /// A turn is written although the schedule has changed since it was read: a stalled executor writes what it decided three turns
    /// ago.
    /// </summary>
    public static ScheduleWriting WithoutRevision(InMemoryStore rows, Chance chance)
    {
        var turns = new List<ScheduleWrite>();
        return async turn =>
        {
            var result = await rows.Schedules.WriteScheduleAsync(turn, CancellationToken.None);
            if (
                result.Schedule is { } written
                && turns.FindAll(each => each.After.Name == written.Name) is [.., var late, _, _]
            )
            {
                await rows.Schedules.WriteScheduleAsync(
                    late with
                    {
                        Revision = written.Revision,
                        After = late.After with { Revision = written.Revision },
                    },
                    CancellationToken.None
                );
            }

            turns.Add(turn);
            return result;
        };
    }

    /// <summary>A schedule advances, and the connection breaks before its runs are created.</summary>
    public static ScheduleWriting LosingRuns(InMemoryStore rows, Chance chance) =>
        turn =>
            rows.Schedules.WriteScheduleAsync(
                chance.Hit(0.1) ? turn with { Creates = [] } : turn,
                CancellationToken.None
            );
}

using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>
/// Tracks the effects of people and signals on workflows, from the writes alone, and reports violations: a pause or a signal that is
/// lost, a signal that is taken twice, a deadline that is forgotten or fires wrongly.
/// </summary>
internal sealed class EffectWatch(SimulatedWorld world, InMemoryStore rows)
{
    private readonly Dictionary<long, List<SignalRecord>> kept = [];
    private readonly HashSet<(long WorkflowId, string Key)> keys = [];
    private readonly HashSet<long> taken = [];
    private readonly Dictionary<long, List<string>> payloads = [];
    private readonly HashSet<(long WorkflowId, string Payload)> reached = [];
    private readonly Dictionary<long, int> underWay = [];
    private readonly HashSet<long> paused = [];
    private readonly Dictionary<long, int> cancelledIn = [];
    private readonly Dictionary<(Lane, long), Queue<ClaimKey>> cancels = [];
    private readonly Dictionary<long, WorkflowRecord> deleted = [];
    private readonly Dictionary<long, int> beginnings = [];

    /// <summary>Workflows moved by a person, which need not follow the declared transitions.</summary>
    public HashSet<long> MovedByHand { get; } = [];

    /// <summary>Workflows whose claim a person may have ended without its executor knowing.</summary>
    public HashSet<long> ChangedByHand { get; } = [];

    /// <summary>Whether the records of a workflow are complete. They are not when a process has died during a write.</summary>
    public bool KnowsAllOf(long workflowId) => underWay.GetValueOrDefault(workflowId) == 0;

    /// <summary>The payloads that the functions of a workflow have taken, in order.</summary>
    public IReadOnlyList<string> TakenByFunctions(long workflowId) => payloads.GetValueOrDefault(workflowId) ?? [];

    /// <summary>How often a workflow has continued anew.</summary>
    public int BeginningsOf(long workflowId) => beginnings.GetValueOrDefault(workflowId);

    /// <summary>The workflows that were deleted, as they were then.</summary>
    public IReadOnlyDictionary<long, WorkflowRecord> Removed => deleted;

    /// <summary>Whether a signal has reached a workflow, even if it was dropped because of its key.</summary>
    public bool HasReached(long workflowId, string payload) => reached.Contains((workflowId, payload));

    /// <summary>The signals kept for a workflow. Read them before an event is written.</summary>
    public IReadOnlyList<SignalRecord> SignalsOf(long workflowId) =>
        rows.SignalsAsync(new SignalSearch(workflowId), CancellationToken.None).Result;

    /// <summary>An event is about to be written. While its OnCommit callback runs, other events may be written.</summary>
    public void Begin(EventFor each)
    {
        if (each.OnCommit is not null)
        {
            underWay[each.WorkflowId] = underWay.GetValueOrDefault(each.WorkflowId) + 1;
        }
    }

    /// <summary>The write of an event has ended.</summary>
    public void End(EventFor each)
    {
        if (each.OnCommit is not null)
        {
            underWay[each.WorkflowId]--;
        }
    }

    /// <summary>The claim that a process ended by cancelling a workflow, or null without one.</summary>
    public ClaimKey? EndedBy(Lane lane, long workflowId) =>
        cancels.TryGetValue((lane, workflowId), out var claims) && claims.TryDequeue(out var claim) ? claim : null;

    /// <summary>An event was written.</summary>
    public void Judge(
        EventFor each,
        WorkflowRecord before,
        WorkflowRecord after,
        IReadOnlyList<SignalRecord> keptBefore
    )
    {
        if (each.Event is OperatorEvent or VersionMoved)
        {
            Note(each.Event, before, after);
        }

        switch (each.Event)
        {
            case Signalled signalled:
                if (IsNew(before.Id, signalled.Signal))
                {
                    Keep(before.Id, signalled.Signal);
                    JudgeMeeting(after);
                }

                break;
            case Resumed:
                JudgeMeeting(after);
                break;
            case StepSucceeded success:
                beginnings[before.Id] = BeginningsOf(before.Id) + (success.ContinuesAnew ? 1 : 0);
                Take(before, success.TakenSignal, keptBefore);
                JudgeMeeting(after);
                if (success.TakenSignal is { } byFunction)
                {
                    Enter(before.Id, keptBefore.FirstOrDefault(signal => signal.Id == byFunction.Id)?.Payload ?? "?");
                }

                break;
            case Arrived arrival:
                Take(before, arrival.TakenSignal, keptBefore);
                break;
            case DeadlinePassed deadline
                when before.KeptSignals.Meet(before.AwaitedSignals)
                    && after.State != before.State
                    && after.State == deadline.Target.Name:
                world.Violated(
                    $"workflow {before.Id} went to {after.State} by its deadline although its signal had arrived"
                );
                break;
        }

        if (after.Status.IsFinal())
        {
            paused.Remove(after.Id);
        }

        if (after.Status is WorkflowStatus.Finished or WorkflowStatus.Cancelled)
        {
            KeptOf(after.Id).RemoveAll(signal => keptBefore.Any(was => was.Id == signal.Id));
        }

        if (each.OnCommit is null && KnowsAllOf(after.Id) && !deleted.ContainsKey(after.Id))
        {
            JudgePause(after);
            JudgeWaits(after);
        }
    }

    /// <summary>A workflow was claimed.</summary>
    public void JudgeClaim(WorkflowRecord claimed)
    {
        if (paused.Contains(claimed.Id) && KnowsAllOf(claimed.Id))
        {
            world.Violated($"workflow {claimed.Id} was claimed while it is paused");
        }

        if (cancelledIn.TryGetValue(claimed.Id, out var step) && claimed.Step <= step)
        {
            world.Violated($"workflow {claimed.Id} was claimed in step {claimed.Step}, in which it was cancelled");
        }
    }

    private void Note(WorkflowEvent happened, WorkflowRecord before, WorkflowRecord after)
    {
        if (after.Lease != before.Lease)
        {
            ChangedByHand.Add(after.Id);
        }

        if (happened is StateChanged or VersionMoved or RunAgain or Cancelled or Retried)
        {
            MovedByHand.Add(after.Id);
        }

        switch (happened)
        {
            case Paused:
                paused.Add(after.Id);
                break;
            case Resumed or Cancelled or StateChanged or RunAgain or Retried:
                paused.Remove(after.Id);
                break;
            case Deleted:
                paused.Remove(after.Id);
                deleted[after.Id] = before;
                break;
        }

        if (
            happened is VersionMoved
            && before.DeadlineState is not null
            && after.DeadlineState is null
            && after.State == before.State
        )
        {
            world.Violated($"workflow {after.Id} was moved to version {after.Version} and lost its deadline");
        }

        if (happened is Cancelled cancel)
        {
            // A clean-up that begins in the current state runs in the same step.
            var runsInSameStep = after.Step == before.Step && !after.Status.IsFinal();
            cancelledIn[after.Id] = runsInSameStep ? before.Step - 1 : before.Step;
            if (cancel.Actor.StartsWith("job:", StringComparison.Ordinal))
            {
                if (before.IsCleaningUp)
                {
                    world.Violated($"workflow {after.Id} was cancelled by {cancel.Actor} while it cleaned up");
                }

                return;
            }

            if (!cancels.TryGetValue((world.Running!, after.Id), out var claims))
            {
                cancels[(world.Running!, after.Id)] = claims = [];
            }

            claims.Enqueue(new ClaimKey(before.Id, before.Lease));
        }
    }

    private bool IsNew(long workflowId, NewSignal signal)
    {
        reached.Add((workflowId, signal.Payload));
        return signal.Key is null || keys.Add((workflowId, signal.Key));
    }

    private void Keep(long workflowId, NewSignal signal)
    {
        if (SignalsOf(workflowId) is [.., var last] && last.Payload == signal.Payload)
        {
            KeptOf(workflowId).Add(last);
        }
        else
        {
            world.Violated($"workflow {workflowId}: signal {signal.Payload} is lost");
        }
    }

    private void Take(WorkflowRecord before, TakenSignal? take, IReadOnlyList<SignalRecord> keptBefore)
    {
        if (take is null)
        {
            if (before.AwaitedSignals is not null)
            {
                world.Violated(
                    $"workflow {before.Id} continued from {before.State} without the signal that it waited for"
                );
            }

            return;
        }

        if (!taken.Add(take.Id))
        {
            world.Violated($"workflow {before.Id}: signal {take.Id} was taken twice");
        }

        var oldest = keptBefore.FirstOrDefault(signal => before.AwaitedSignals?.All.Contains(signal.Name) == true);
        if (oldest?.Id != take.Id)
        {
            world.Violated(
                $"workflow {before.Id} took signal {take.Id}, but the oldest awaited signal was {oldest?.Id}"
            );
        }

        KeptOf(before.Id).RemoveAll(signal => signal.Id == take.Id);
    }

    private void Enter(long workflowId, string payload)
    {
        if (!payloads.TryGetValue(workflowId, out var entered))
        {
            payloads[workflowId] = entered = [];
        }

        entered.Add(payload);
    }

    private void JudgePause(WorkflowRecord after)
    {
        var rests = after.Status == WorkflowStatus.Paused || after is { ExecutorId: not null, PauseRequested: true };
        if (paused.Contains(after.Id) && !rests)
        {
            world.Violated($"workflow {after.Id}: its pause is lost, it is {after.Status} in {after.State}");
            paused.Remove(after.Id);
        }
    }

    private void JudgeWaits(WorkflowRecord after)
    {
        var names = after.KeptSignals?.All ?? [];
        var expected = KeptOf(after.Id);
        if (!names.SequenceEqual(expected.Select(signal => signal.Name)))
        {
            world.Violated(
                $"workflow {after.Id} keeps the signals '{string.Join(' ', names)}', but was sent '{string.Join(' ', expected.Select(signal => signal.Name))}' that no step has taken"
            );
        }

        if (after.ExecutorId is not null || after.Status is WorkflowStatus.Paused || after.Status.IsFinal())
        {
            return;
        }

        if (after is { DeadlineState: not null, NextActivation: null })
        {
            world.Violated($"workflow {after.Id} has a deadline without an instant");
        }

        if (after is { Status: WorkflowStatus.Waiting, AwaitedSignals: not null })
        {
            world.Violated($"workflow {after.Id} waits for a person and for a signal");
        }
    }

    /// <summary>Checks that the write after which both the signal and the wait for it exist makes the workflow due.</summary>
    private void JudgeMeeting(WorkflowRecord after)
    {
        var waits = after is { Status: WorkflowStatus.InProgress, RetryCount: 0 };
        if (waits && after.KeptSignals.Meet(after.AwaitedSignals) && !(after.NextActivation <= after.Modified))
        {
            world.Violated($"workflow {after.Id} has the signal that it waits for, but is not due");
        }
    }

    private List<SignalRecord> KeptOf(long workflowId)
    {
        if (!kept.TryGetValue(workflowId, out var signals))
        {
            kept[workflowId] = signals = [];
        }

        return signals;
    }
}

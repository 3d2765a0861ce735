using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Group commit: everything that was queued during a transaction is written in the next one. A single member costs one transaction; under
/// load, hundreds share it. A workflow has at most one commit in flight, so commits of the same workflow never overtake each other.
/// </summary>
internal sealed class Committer(
    IWorkflowStore store,
    Func<long> executorId,
    int batchSize,
    Action<WriteResult> committed,
    EngineMetrics metrics,
    DatabaseClock clock,
    ILogger<Committer> log
) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>The maximum number of steps with OnCommit callbacks that are written at a time, each in its own transaction.</summary>
    private const int ConcurrentCallbacks = 8;

    private readonly CommitLane shared = new(batchSize, store.ConcurrentWrites);

    /// <summary>Steps with an OnCommit callback, each in its own transaction.</summary>
    private readonly CommitLane withCallback = new(batchLimit: 1, ConcurrentCallbacks);

    /// <summary>
    /// Delivers the outcomes of a batch while the writer thread writes the next one. It is a thread of its own, because on a busy thread
    /// pool the whole batch would wait for its turn.
    /// </summary>
    private readonly Lazy<RoleThread> settler = new(static () => new RoleThread("committer"));

    /// <summary>How many members wait for a transaction.</summary>
    public int Waiting => shared.Waiting.Reader.Count + withCallback.Waiting.Reader.Count;

    /// <summary>Creates a workflow in the next transaction. It can be cancelled until it is taken for a transaction.</summary>
    public async Task<CreateOutcome> CreateAsync(NewWorkflow create, CancellationToken cancellation)
    {
        var member = new CreateMember(create);
        Enqueue(member, shared);
        await using (
            cancellation.UnsafeRegister(static (member, token) => ((CreateMember)member!).Withdraw(token), member)
        )
        {
            return await member.Outcome.Task;
        }
    }

    /// <summary>
    /// Commits a step in the next transaction. A step with an OnCommit callback gets its own transaction, so a slow callback does not block
    /// other steps.
    /// </summary>
    public Task<EventOutcome> CommitAsync(EventFor step)
    {
        var member = new StepMember(step);
        Enqueue(member, step.OnCommit is null ? shared : withCallback);
        return member.Outcome.Task;
    }

    /// <summary>
    /// The loops of the committer. Each writes until <see cref="Complete"/> has been called and the queue is empty. The token is cancelled
    /// when transient errors must no longer be retried.
    /// </summary>
    public IEnumerable<Func<CancellationToken, Task>> Loops =>
        [.. LoopsOf(shared, store.WriterContext), .. LoopsOf(withCallback, context: null)];

    /// <summary>Stops accepting new members.</summary>
    public void Complete()
    {
        shared.Waiting.Writer.TryComplete();
        withCallback.Waiting.Writer.TryComplete();
    }

    /// <summary>Stops accepting new members, and fails those that wait. Call it only while no loop runs.</summary>
    public void Abandon()
    {
        Complete();
        foreach (var lane in (CommitLane[])[shared, withCallback])
        {
            while (lane.Waiting.Reader.TryRead(out var member))
            {
                member.Fail(Stopped());
            }
        }
    }

    public void Dispose()
    {
        if (settler.IsValueCreated)
        {
            settler.Value.Dispose();
        }
    }

    /// <summary>There is one loop more than turns, so one can deliver outcomes while the others write.</summary>
    private IEnumerable<Func<CancellationToken, Task>> LoopsOf(CommitLane lane, SynchronizationContext? context)
    {
        Func<CancellationToken, Task> loop = context is null
            ? giveUp => WriteBatchesAsync(lane, isOnWriterThread: false, giveUp)
            : giveUp => context.RunAsync(() => WriteBatchesAsync(lane, isOnWriterThread: true, giveUp));
        return Enumerable.Repeat(loop, lane.ConcurrentWrites + 1);
    }

    private async Task WriteBatchesAsync(CommitLane lane, bool isOnWriterThread, CancellationToken giveUp)
    {
        var batch = new CommitBatch(lane);
        try
        {
            while (await batch.WaitAsync())
            {
                if (await WriteBatchAsync(lane, batch, giveUp) is not { } written)
                {
                    continue;
                }

                if (isOnWriterThread)
                {
                    await settler.Value.RunAsync(() => Settle(batch.Members, written));
                }
                else
                {
                    Settle(batch.Members, written);
                }
            }
        }
        catch (Exception failure)
        {
            batch.Fail(failure);
            throw;
        }
    }

    /// <returns>The result to deliver, or null if every member already has its outcome.</returns>
    private async Task<WriteResult?> WriteBatchAsync(CommitLane lane, CommitBatch batch, CancellationToken giveUp)
    {
        await lane.Turns.WaitAsync(CancellationToken.None);
        try
        {
            batch.Gather();
            // Another loop may have taken the members.
            return batch.Members.Count > 0 ? await WriteAsync(batch.Members, giveUp) : null;
        }
        finally
        {
            lane.Turns.Release();
        }
    }

    private static void Enqueue(CommitMember member, CommitLane to)
    {
        if (!to.Waiting.Writer.TryWrite(member))
        {
            member.Fail(Stopped());
        }
    }

    private static InvalidOperationException Stopped() =>
        new("The executor has stopped; nothing can be written any more.");

    /// <returns>The result to deliver, or null if every member already has its outcome.</returns>
    private async Task<WriteResult?> WriteAsync(List<CommitMember> members, CancellationToken giveUp)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await WriteOnceAsync(members);
            }
            catch (Exception trouble) when (store.IsTransient(trouble) && !giveUp.IsCancellationRequested)
            {
                log.CommitDelayed(trouble, members.Count, pause);
                await Pause(pause, giveUp);
            }
            catch (Exception) when (members.Count > 1)
            {
                // One of them cannot be written. Writing each one separately isolates it.
                foreach (var member in members)
                {
                    if (await WriteAsync([member], giveUp) is { } written)
                    {
                        Settle([member], written);
                    }
                }

                return null;
            }
            catch (Exception failure)
            {
                members[0].Fail(failure);
                return null;
            }
        }
    }

    private Task<WriteResult> WriteOnceAsync(List<CommitMember> members) =>
        store.WriteAsync(
            new WriteBatch(
                [.. members.OfType<CreateMember>().Select(static member => member.Create)],
                [.. members.OfType<StepMember>().Select(static member => member.Step)],
                executorId(),
                clock.Now()
            ),
            CancellationToken.None
        );

    private void Settle(List<CommitMember> members, WriteResult result)
    {
        metrics.BatchSize.Record(members.Count);
        try
        {
            // Notify listeners before the callers that wait for the outcomes.
            committed(result);
        }
        finally
        {
            SetOutcomes(members, result);
        }
    }

    private static void SetOutcomes(List<CommitMember> members, WriteResult result)
    {
        var (creates, steps) = (0, 0);
        foreach (var member in members)
        {
            switch (member)
            {
                case CreateMember create:
                    create.Outcome.TrySetResult(result.Creates[creates++]);
                    break;
                case StepMember step:
                    step.Outcome.TrySetResult(result.Events[steps++]);
                    break;
            }
        }
    }

    private async Task Pause(TimeSpan pause, CancellationToken giveUp)
    {
        try
        {
            await Task.Delay(pause, clock, giveUp);
        }
        catch (OperationCanceledException)
        {
            // The last attempt follows immediately.
        }
    }
}

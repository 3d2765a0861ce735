using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Group commit: writes whatever has gathered since the last transaction as the next one. Alone a member costs one transaction;
/// under load hundreds share it. A workflow has at most one commit under way, so two of one workflow never overtake each other.
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

    /// <summary>So many steps with OnCommit callbacks are written at a time, each as a transaction of its own.</summary>
    private const int ConcurrentCallbacks = 8;

    private readonly Lane shared = new(batchSize, store.ConcurrentWrites);

    /// <summary>Steps with an OnCommit callback: each is a transaction of its own.</summary>
    private readonly Lane withCallback = new(batchLimit: 1, ConcurrentCallbacks);

    /// <summary>
    /// Settles what the writer's thread has written, while that writes the next batch. On a busy thread pool everybody in the batch would
    /// wait until the pool comes to it.
    /// </summary>
    private readonly Lazy<RoleThread> settler = new(static () => new RoleThread("committer"));

    /// <summary>How many wait for a transaction.</summary>
    public int Waiting => shared.Waiting.Reader.Count + withCallback.Waiting.Reader.Count;

    /// <summary>Creates a workflow with the next transaction, unless that is cancelled before it is sent.</summary>
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
    /// Commits a step with the next transaction. One with an OnCommit callback is a transaction of its own, so that an author's callback
    /// that takes long keeps no other step waiting.
    /// </summary>
    public Task<EventOutcome> CommitAsync(EventFor step)
    {
        var member = new StepMember(step);
        Enqueue(member, step.OnCommit is null ? shared : withCallback);
        return member.Outcome.Task;
    }

    /// <summary>
    /// Its loops, each of which writes until <see cref="Complete"/> was called and nothing is left. The token is set when a busy
    /// database is not to be waited for any longer.
    /// </summary>
    public IEnumerable<Func<CancellationToken, Task>> Loops =>
        [.. LoopsOf(shared, store.WriterContext), .. LoopsOf(withCallback, context: null)];

    /// <summary>Takes nothing on any more.</summary>
    public void Complete()
    {
        shared.Waiting.Writer.TryComplete();
        withCallback.Waiting.Writer.TryComplete();
    }

    public void Dispose()
    {
        if (settler.IsValueCreated)
        {
            settler.Value.Dispose();
        }
    }

    /// <summary>One loop more than there are turns: while the others write, it settles what it has written.</summary>
    private IEnumerable<Func<CancellationToken, Task>> LoopsOf(Lane lane, SynchronizationContext? context)
    {
        Func<CancellationToken, Task> loop = context is null
            ? giveUp => WriteBatchesAsync(lane, isOnWriterThread: false, giveUp)
            : giveUp => context.RunAsync(() => WriteBatchesAsync(lane, isOnWriterThread: true, giveUp));
        return Enumerable.Repeat(loop, lane.ConcurrentWrites + 1);
    }

    private async Task WriteBatchesAsync(Lane lane, bool isOnWriterThread, CancellationToken giveUp)
    {
        var batch = new List<CommitMember>(lane.BatchLimit);
        var workflows = new HashSet<long>(lane.BatchLimit);
        CommitMember? next = null;
        while (next is not null || await lane.Waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            WriteResult? written = null;
            await lane.Turns.WaitAsync(CancellationToken.None);
            try
            {
                while (
                    batch.Count < lane.BatchLimit
                    && (next ??= Take(lane.Waiting)) is { } member
                    && member.TryJoin(workflows)
                )
                {
                    batch.Add(member);
                    next = null;
                }

                // Another loop may have been faster.
                if (batch.Count > 0)
                {
                    written = await WriteOrFailAsync(batch, next, giveUp);
                }
            }
            finally
            {
                lane.Turns.Release();
            }

            if (written is not null && isOnWriterThread)
            {
                await settler.Value.RunAsync(() => Settle(batch, written));
            }
            else if (written is not null)
            {
                Settle(batch, written);
            }

            batch.Clear();
            workflows.Clear();
        }
    }

    /// <summary>The next that was not withdrawn, or null.</summary>
    private static CommitMember? Take(Channel<CommitMember> from)
    {
        while (from.Reader.TryRead(out var member))
        {
            if (member.TryTake())
            {
                return member;
            }
        }

        return null;
    }

    private static void Enqueue(CommitMember member, Lane to)
    {
        if (!to.Waiting.Writer.TryWrite(member))
        {
            member.Fail(new InvalidOperationException("The executor has stopped; nothing can be written any more."));
        }
    }

    /// <summary>Whatever happens, every member has its outcome: nobody waits for good.</summary>
    private async Task<WriteResult?> WriteOrFailAsync(
        List<CommitMember> members,
        CommitMember? next,
        CancellationToken giveUp
    )
    {
        try
        {
            return await WriteAsync(members, giveUp);
        }
        catch (Exception failure)
        {
            members.ForEach(member => member.Fail(failure));
            next?.Fail(failure);
            throw;
        }
    }

    /// <returns>What is to be settled, or null when every member has its outcome.</returns>
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
                // One of them cannot be written. Alone, each shows whether it is the one.
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
        // Who is told of the change must not be told later than who waits for the outcome.
        committed(result);
        metrics.BatchSize.Record(members.Count);
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
            // The last try follows at once.
        }
    }

    /// <summary>
    /// Members that wait, and how many transactions may be under way. A batch is gathered when its turn has come, not before, and the
    /// turn is given back before the batch is settled: what has gathered meanwhile goes to the database without a gap.
    /// </summary>
    [SuppressMessage("Design", "CA1001", Justification = "A semaphore that is only awaited has nothing to dispose of.")]
    private sealed class Lane(int batchLimit, int concurrentWrites)
    {
        public int BatchLimit => batchLimit;

        public int ConcurrentWrites => concurrentWrites;

        public Channel<CommitMember> Waiting { get; } = Channel.CreateUnbounded<CommitMember>();

        public SemaphoreSlim Turns { get; } = new(concurrentWrites);
    }
}

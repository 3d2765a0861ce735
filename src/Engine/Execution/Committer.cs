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
    Action<IReadOnlyList<WorkflowChange>> committed,
    DatabaseClock clock,
    ILogger<Committer> log
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>So many steps with OnCommit callbacks are written at a time, each as a transaction of its own.</summary>
    private const int ConcurrentCallbacks = 8;

    private readonly Channel<Member> waiting = Channel.CreateUnbounded<Member>(
        new UnboundedChannelOptions { SingleReader = store.ConcurrentWrites == 1 }
    );

    private readonly Channel<Member> withCallback = Channel.CreateUnbounded<Member>();

    /// <summary>Creates a workflow with the next transaction, unless that is cancelled before it is sent.</summary>
    public async Task<CreateOutcome> CreateAsync(NewWorkflow create, CancellationToken cancellation)
    {
        var member = new CreateMember(create);
        Enqueue(member, waiting);
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
        Enqueue(member, step.OnCommit is null ? waiting : withCallback);
        return member.Outcome.Task;
    }

    /// <summary>
    /// Its loops, each of which writes until <see cref="Complete"/> was called and nothing is left. The token is set when a busy
    /// database is not to be waited for any longer.
    /// </summary>
    public IEnumerable<Func<CancellationToken, Task>> Loops =>
        [
            .. Enumerable.Repeat(
                (CancellationToken giveUp) => WriteBatchesAsync(waiting, batchSize, giveUp),
                store.ConcurrentWrites
            ),
            .. Enumerable.Repeat(
                (CancellationToken giveUp) => WriteBatchesAsync(withCallback, 1, giveUp),
                ConcurrentCallbacks
            ),
        ];

    /// <summary>Takes nothing on any more.</summary>
    public void Complete()
    {
        waiting.Writer.TryComplete();
        withCallback.Writer.TryComplete();
    }

    private async Task WriteBatchesAsync(Channel<Member> from, int limit, CancellationToken giveUp)
    {
        var batch = new List<Member>(limit);
        var workflows = new HashSet<long>(limit);
        Member? next = null;
        while (next is not null || await from.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < limit && (next ??= Take(from)) is { } member && member.TryJoin(workflows))
            {
                batch.Add(member);
                next = null;
            }

            // Another writer may have been faster.
            if (batch.Count > 0)
            {
                await WriteOrFailAsync(batch, next, giveUp);
            }

            batch.Clear();
            workflows.Clear();
        }
    }

    /// <summary>The next that was not withdrawn, or null.</summary>
    private static Member? Take(Channel<Member> from)
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

    private static void Enqueue(Member member, Channel<Member> to)
    {
        if (!to.Writer.TryWrite(member))
        {
            member.Fail(new InvalidOperationException("The executor has stopped; nothing can be written any more."));
        }
    }

    /// <summary>Whatever happens, every member has its outcome: nobody waits for good.</summary>
    private async Task WriteOrFailAsync(List<Member> members, Member? next, CancellationToken giveUp)
    {
        try
        {
            await WriteAsync(members, giveUp);
        }
        catch (Exception failure)
        {
            members.ForEach(member => member.Fail(failure));
            next?.Fail(failure);
            throw;
        }
    }

    private async Task WriteAsync(IReadOnlyList<Member> members, CancellationToken giveUp)
    {
        WriteResult result;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                result = await WriteOnceAsync(members);
                break;
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
                    await WriteAsync([member], giveUp);
                }

                return;
            }
            catch (Exception failure)
            {
                members[0].Fail(failure);
                return;
            }
        }

        // Who is told of the change must not be told later than who waits for the outcome.
        committed(result.Changes);
        Settle(members, result);
    }

    private Task<WriteResult> WriteOnceAsync(IReadOnlyList<Member> members) =>
        store.WriteAsync(
            new WriteBatch(
                [.. members.OfType<CreateMember>().Select(static member => member.Create)],
                [.. members.OfType<StepMember>().Select(static member => member.Step)],
                executorId(),
                clock.Now()
            ),
            CancellationToken.None
        );

    private static void Settle(IReadOnlyList<Member> members, WriteResult result)
    {
        EngineMetrics.BatchSize.Record(members.Count);
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

    private abstract class Member
    {
        /// <summary>
        /// Whether it may share a transaction with the steps of these workflows, which it then is among. A run that lost its claim and
        /// the run that has it now may both be here; the store is promised at most one step of any workflow.
        /// </summary>
        public virtual bool TryJoin(HashSet<long> workflows) => true;

        /// <summary>Takes it for a transaction; false when its caller has withdrawn it.</summary>
        public virtual bool TryTake() => true;

        public abstract void Fail(Exception failure);
    }

    private sealed class CreateMember(NewWorkflow create) : Member
    {
        private bool isTaken;

        public NewWorkflow Create { get; } = create;

        public TaskCompletionSource<CreateOutcome> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool TryTake() => !Interlocked.Exchange(ref isTaken, true);

        public void Withdraw(CancellationToken cancellation)
        {
            if (TryTake())
            {
                Outcome.TrySetCanceled(cancellation);
            }
        }

        public override void Fail(Exception failure) => Outcome.TrySetException(failure);
    }

    private sealed class StepMember(EventFor step) : Member
    {
        public EventFor Step { get; } = step;

        public override bool TryJoin(HashSet<long> workflows) => workflows.Add(Step.WorkflowId);

        public TaskCompletionSource<EventOutcome> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Fail(Exception failure) => Outcome.TrySetException(failure);
    }
}

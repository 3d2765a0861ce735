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
    TimeProvider clock,
    ILogger<Committer> log
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Channel<Member> waiting = Channel.CreateUnbounded<Member>(
        new UnboundedChannelOptions { SingleReader = store.ConcurrentWrites == 1 }
    );

    /// <summary>Creates a workflow with the next transaction.</summary>
    public Task<CreateOutcome> CreateAsync(NewWorkflow create)
    {
        var member = new CreateMember(create);
        Enqueue(member);
        return member.Outcome.Task;
    }

    /// <summary>Commits a step with the next transaction.</summary>
    public Task<EventOutcome> CommitAsync(EventFor step)
    {
        var member = new StepMember(step);
        Enqueue(member);
        return member.Outcome.Task;
    }

    /// <summary>Writes until <see cref="Complete"/> was called and nothing is left.</summary>
    public Task RunAsync(CancellationToken giveUp) =>
        Task.WhenAll(Enumerable.Range(0, store.ConcurrentWrites).Select(_ => WriteBatchesAsync(giveUp)));

    /// <summary>Takes nothing on any more.</summary>
    public void Complete() => waiting.Writer.TryComplete();

    private async Task WriteBatchesAsync(CancellationToken giveUp)
    {
        var batch = new List<Member>(batchSize);
        var workflows = new HashSet<long>(batchSize);
        Member? next = null;
        while (next is not null || await waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (
                batch.Count < batchSize
                && (next is not null || waiting.Reader.TryRead(out next))
                && next.Enters(workflows)
            )
            {
                batch.Add(next);
                next = null;
            }

            // Another writer may have been faster.
            if (batch.Count > 0)
            {
                await WriteAsync(batch, giveUp);
            }

            batch.Clear();
            workflows.Clear();
        }
    }

    private void Enqueue(Member member)
    {
        if (!waiting.Writer.TryWrite(member))
        {
            member.Fail(new InvalidOperationException("The executor has stopped; nothing can be written any more."));
        }
    }

    private async Task WriteAsync(IReadOnlyList<Member> members, CancellationToken giveUp)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await WriteOnceAsync(members);
                return;
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
    }

    private async Task WriteOnceAsync(IReadOnlyList<Member> members)
    {
        CreateMember[] creates = [.. members.OfType<CreateMember>()];
        StepMember[] steps = [.. members.OfType<StepMember>()];
        var result = await store.WriteAsync(
            new WriteBatch(
                Array.ConvertAll(creates, member => member.Create),
                Array.ConvertAll(steps, member => member.Step),
                executorId(),
                clock.Now()
            ),
            CancellationToken.None
        );
        EngineMetrics.BatchSize.Record(members.Count);
        committed(result.Changes);
        for (var index = 0; index < creates.Length; index++)
        {
            creates[index].Outcome.SetResult(result.Creates[index]);
        }

        for (var index = 0; index < steps.Length; index++)
        {
            steps[index].Outcome.SetResult(result.Events[index]);
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
        public virtual bool Enters(HashSet<long> workflows) => true;

        public abstract void Fail(Exception failure);
    }

    private sealed class CreateMember(NewWorkflow create) : Member
    {
        public NewWorkflow Create { get; } = create;

        public TaskCompletionSource<CreateOutcome> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Fail(Exception failure) => Outcome.SetException(failure);
    }

    private sealed class StepMember(EventFor step) : Member
    {
        public EventFor Step { get; } = step;

        public override bool Enters(HashSet<long> workflows) => workflows.Add(Step.WorkflowId);

        public TaskCompletionSource<EventOutcome> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Fail(Exception failure) => Outcome.SetException(failure);
    }
}

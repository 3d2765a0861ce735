using GopherFlow.Authoring;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Testing.Running;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing;

/// <content>What makes it continue.</content>
public sealed partial class FlowRun
{
    private Interventions Interventions => flow.Services.GetRequiredService<Interventions>();

    /// <summary>
    /// Runs until the workflow is in a state, or has come through it since the last call for this run; waits are skipped
    /// (<see cref="FlowTest.SkipWaits"/>), those of other workflows, too.
    /// </summary>
    /// <returns>This run.</returns>
    /// <exception cref="FlowTestException">It ends elsewhere, or waits elsewhere for something that nobody does.</exception>
    public async Task<FlowRun> UntilAsync(string state)
    {
        if (!Definition.TryFind(state, out _))
        {
            throw Fault($"to come to '{state}'", "its definition has no such state");
        }

        await GoOnAsync(() => HasCome(state), $"to come to '{state}'").ConfigureAwait(false);
        return this;
    }

    /// <summary>Runs until the workflow has ended; waits are skipped as by <see cref="UntilAsync"/>.</summary>
    /// <param name="state">The state in which it is to end; null for any.</param>
    /// <returns>This run.</returns>
    /// <exception cref="FlowTestException">It ends elsewhere, or waits for something that nobody does.</exception>
    public async Task<FlowRun> EndAsync(string? state = null)
    {
        var expected = state is null ? "to end" : $"to end in '{state}'";
        await GoOnAsync(() => Status.IsFinal(), expected).ConfigureAwait(false);
        return state is null || State == state ? this : throw Fault(expected, RunText.Standing(Record));
    }

    /// <summary>Sends the workflow a signal. One that it does not wait for yet is kept.</summary>
    /// <param name="name">The name of the signal.</param>
    /// <param name="payload">Any value that System.Text.Json can write.</param>
    /// <param name="key">When not null: a signal whose key the workflow has received before is dropped.</param>
    /// <exception cref="FlowTestException">The workflow has ended.</exception>
    public async Task SignalAsync(string name, object? payload = null, string? key = null)
    {
        var signal = new SendSignal
        {
            WorkflowId = Id,
            Name = name,
            Key = key,
            Payload = engine.Json.NodeOf(payload)?.ToJsonString() ?? "null",
            Actor = Actor,
        };
        var result = await flow.DoAsync(() => flow.Services.GetRequiredService<SignalOperations>().SendAsync(signal))
            .ConfigureAwait(false);
        ThrowUnlessChanged(result.Verdict, $"to receive the signal '{name}'");
    }

    /// <summary>Sends the workflow a signal that is called as the type of its payload.</summary>
    /// <exception cref="FlowTestException">The workflow has ended.</exception>
    public Task SignalAsync<T>(T payload)
        where T : notnull =>
        SignalAsync(SignalName.Of(typeof(T) == typeof(object) ? payload.GetType() : typeof(T)), payload);

    /// <summary>Moves the workflow to a state by hand, as a person does out of a Manual state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="variables">Variables to set with it: anything whose JSON is an object; null for none.</param>
    /// <param name="force">Whether it moves where its state does not lead.</param>
    /// <exception cref="RejectedRequestException">The state is none to which a person may move it.</exception>
    public Task MoveAsync(string state, object? variables = null, bool force = false) =>
        ApplyAsync(
            () =>
                Interventions.MoveAsync(
                    new MoveWorkflow
                    {
                        WorkflowId = Id,
                        State = state,
                        Variables = ChangesOf(variables),
                        Force = force,
                        Actor = Actor,
                    }
                ),
            $"to be moved to '{state}'"
        );

    /// <summary>Sets variables by hand: anything whose JSON is an object. A step that runs is dropped, and runs again with them.</summary>
    public Task SetAsync(object variables) =>
        ApplyAsync(() => Interventions.ChangeVariablesAsync(Id, ChangesOf(variables), Actor), "to have variables set");

    /// <summary>Cancels the workflow.</summary>
    /// <param name="children">Whether its children are cancelled with it.</param>
    /// <exception cref="FlowTestException">It has ended.</exception>
    public Task CancelAsync(bool children = false) =>
        ApplyAsync(
            async () =>
                (
                    await Interventions.CancelAsync(
                        new CancelWorkflow
                        {
                            WorkflowId = Id,
                            Children = children,
                            Actor = Actor,
                        }
                    )
                ).Workflow,
            "to be cancelled"
        );

    /// <summary>Pauses the workflow; a step that runs ends first.</summary>
    /// <exception cref="FlowTestException">It has ended.</exception>
    public Task PauseAsync() => ApplyAsync(() => Interventions.PauseAsync(Id, Actor), "to be paused");

    /// <summary>Resumes a paused workflow.</summary>
    /// <exception cref="FlowTestException">It is not paused.</exception>
    public Task ResumeAsync() => ApplyAsync(() => Interventions.ResumeAsync(Id, Actor), "to be resumed");

    /// <summary>Makes the next attempt now, also of a workflow that has FAILED.</summary>
    /// <exception cref="FlowTestException">It does not wait for an attempt, and has not failed.</exception>
    public Task RetryAsync() => ApplyAsync(() => Interventions.RetryAsync(Id, Actor), "to be tried again");

    private async Task GoOnAsync(Func<bool> isThere, string expected)
    {
        await flow.SettleAsync().ConfigureAwait(false);
        for (var skips = 0; !isThere(); skips++)
        {
            if (Status.IsFinal())
            {
                throw Fault(expected, RunText.Standing(Record));
            }

            if (skips == flow.MostSkips)
            {
                throw Fault(expected, $"after {flow.MostSkips:N0} waits that were skipped {RunText.Standing(Record)}");
            }

            if (!await flow.SkipAsync().ConfigureAwait(false))
            {
                throw Fault(expected, RunText.Standing(Record));
            }
        }
    }

    private bool HasCome(string state)
    {
        var path = Path;
        var found = path.Skip(seen).ToList().IndexOf(state);
        if (found >= 0)
        {
            seen += found + 1;
            return true;
        }

        return path[^1] == state;
    }

    private async Task ApplyAsync(Func<Task<OperationResult>> operation, string expected) =>
        ThrowUnlessChanged((await flow.DoAsync(operation).ConfigureAwait(false)).Verdict, expected);

    private void ThrowUnlessChanged(OperationVerdict verdict, string expected)
    {
        if (verdict != OperationVerdict.Changed)
        {
            throw Fault(expected, RunText.Standing(Record));
        }
    }

    private VariableChange[] ChangesOf(object? variables) =>
        [
            .. engine
                .Json.ObjectOf(variables)
                .Select(member => new VariableChange(
                    member.Key,
                    member.Value?.ToJsonString(engine.Json.Options) ?? "null"
                )),
        ];
}

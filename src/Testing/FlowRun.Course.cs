using GopherFlow.Authoring;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Testing.Running;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Testing;

/// <content>Methods that drive the workflow.</content>
public sealed partial class FlowRun
{
    private Interventions Interventions => flow.Services.GetRequiredService<Interventions>();

    /// <summary>
    /// Runs until the workflow is in a state, or has passed through it since the last call for this run. Waits are skipped
    /// (<see cref="FlowTest.SkipWaits"/>), including those of other workflows.
    /// </summary>
    /// <returns>This run.</returns>
    /// <exception cref="FlowTestException">
    /// The workflow ends in another state, or waits in another state for something that the test does not do.
    /// </exception>
    public async Task<FlowRun> UntilAsync(string state)
    {
        if (!Definition.TryFind(state, out _))
        {
            throw Fault($"to reach '{state}'", "its definition has no such state");
        }

        await RunUntilAsync(() => HasReached(state), $"to reach '{state}'").ConfigureAwait(false);
        return this;
    }

    /// <summary>Runs until the workflow has ended. Waits are skipped as in <see cref="UntilAsync"/>.</summary>
    /// <param name="state">The expected final state; null for any.</param>
    /// <returns>This run.</returns>
    /// <exception cref="FlowTestException">
    /// The workflow ends in another state, or waits for something that the test does not do.
    /// </exception>
    public async Task<FlowRun> EndAsync(string? state = null)
    {
        var expected = state is null ? "to end" : $"to end in '{state}'";
        await RunUntilAsync(() => Status.IsFinal(), expected).ConfigureAwait(false);
        return state is null || State == state ? this : throw Fault(expected, RunText.Standing(Record));
    }

    /// <summary>Sends the workflow a signal. If the workflow is not waiting for it yet, the signal is stored.</summary>
    /// <param name="name">The name of the signal.</param>
    /// <param name="payload">Any value that System.Text.Json can serialize.</param>
    /// <param name="key">An idempotency key: a signal whose key the workflow has received before is dropped. Null for none.</param>
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

    /// <summary>Sends the workflow a signal that is named after the type of its payload.</summary>
    /// <exception cref="FlowTestException">The workflow has ended.</exception>
    public Task SignalAsync<T>(T payload)
        where T : notnull =>
        SignalAsync(SignalName.Of(typeof(T) == typeof(object) ? payload.GetType() : typeof(T)), payload);

    /// <summary>Moves the workflow to a state by hand, as a person does from a Manual state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="variables">Variables to set with the move: anything whose JSON is an object; null for none.</param>
    /// <param name="force">Whether to allow a state that is not a target of the current one.</param>
    /// <exception cref="RejectedRequestException">The workflow may not be moved to that state.</exception>
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

    /// <summary>
    /// Sets variables by hand: anything whose JSON is an object. A step that is running is discarded and runs again with the new values.
    /// </summary>
    public Task SetAsync(object variables) =>
        ApplyAsync(() => Interventions.ChangeVariablesAsync(Id, ChangesOf(variables), Actor), "to have variables set");

    /// <summary>Cancels the workflow.</summary>
    /// <param name="children">Whether its children are cancelled too.</param>
    /// <exception cref="FlowTestException">The workflow has ended.</exception>
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

    /// <summary>Pauses the workflow. A step that is running completes first.</summary>
    /// <exception cref="FlowTestException">The workflow has ended.</exception>
    public Task PauseAsync() => ApplyAsync(() => Interventions.PauseAsync(Id, Actor), "to be paused");

    /// <summary>Resumes a paused workflow.</summary>
    /// <exception cref="FlowTestException">The workflow is not paused.</exception>
    public Task ResumeAsync() => ApplyAsync(() => Interventions.ResumeAsync(Id, Actor), "to be resumed");

    /// <summary>Makes the next attempt now. This also works for a workflow that has FAILED.</summary>
    /// <exception cref="FlowTestException">The workflow is not waiting for an attempt and has not failed.</exception>
    public Task RetryAsync() => ApplyAsync(() => Interventions.RetryAsync(Id, Actor), "to be retried");

    private async Task RunUntilAsync(Func<bool> isThere, string expected)
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
                throw Fault(expected, $"after {flow.MostSkips:N0} skipped waits {RunText.Standing(Record)}");
            }

            if (!await flow.SkipAsync().ConfigureAwait(false))
            {
                throw Fault(expected, RunText.Standing(Record));
            }
        }
    }

    private bool HasReached(string state)
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

using FsCheck.Fluent;
using GopherFlow.Authoring;
using GopherFlow.Definitions;

namespace GopherFlow.Engine.Tests.Sagas;

/// <summary>Property tests of compensation, for any path and a crash at any step.</summary>
public sealed class SagaLawTests
{
    private const int Ways = 60;

    private static readonly string[] Places = ["A", "B", "C", "D"];

    /// <summary>The states a workflow visits before it gives up. State D has no compensation.</summary>
    private static readonly IReadOnlyList<string[]> Walks =
    [
        [],
        .. Gen.Elements(Places).ArrayOf().Resize(8).Sample(Ways),
    ];

    [Fact]
    public async Task Completed_states_are_compensated_in_reverse_order_once_for_each_run()
    {
        foreach (var walk in Walks)
        {
            var (saga, undone) = Saga(walk);

            await saga.RunAsync();

            var expected = Undoable(walk).Reverse().ToList();
            Assert.Equal(expected.Select(done => $"Undo{done.State} trip:{done.Step}"), undone);
            Assert.Equal(["Begin", .. walk, "GiveUp", .. expected.Select(done => $"Undo{done.State}")], saga.Path);
            Assert.Equal(
                (WorkflowStatus.Error, "Cancelled", "{}"),
                (saga.Workflow.Status, saga.Workflow.State, saga.Workflow.StateVars)
            );
        }
    }

    [Fact]
    public async Task A_crash_at_any_step_changes_neither_the_path_nor_the_compensations()
    {
        foreach (var walk in Walks.Where(walk => walk.Length > 0))
        {
            var (whole, _) = Saga(walk);
            await whole.RunAsync();
            for (var crash = 0; crash < whole.Path.Count; crash++)
            {
                var (saga, undone) = Saga(walk);

                await saga.RunAsync(crash, crash + 2);

                Assert.Equal(whole.Path, saga.Path);
                Assert.Equal(
                    Undoable(walk).Reverse().Select(done => $"Undo{done.State} trip:{done.Step}"),
                    undone.Distinct()
                );
            }
        }
    }

    private static IEnumerable<(string State, int Step)> Undoable(string[] walk) =>
        walk.Select((state, index) => (State: state, Step: index + 1)).Where(done => done.State != "D");

    /// <summary>A workflow that visits the given states, and what its compensating states undid, in order.</summary>
    private static (PlannedSaga Saga, List<string> Undone) Saga(string[] walk)
    {
        var undone = new List<string>();
        var machine = WorkflowDefinitionBuilder
            .Named("Trip")
            .Start("Begin", Onwards, [.. Places, "GiveUp"])
            .State("GiveUp", _ => NextState.Compensate("Cancelled"), ["Cancelled"])
            .Error("Cancelled");
        foreach (var place in Places)
        {
            machine.State(place, Onwards, [.. Places, "GiveUp"]);
        }

        foreach (var place in Places.Where(place => place != "D"))
        {
            machine.State($"Undo{place}", Undo, []).Compensate(place, by: $"Undo{place}");
        }

        return (new PlannedSaga(machine.Build()), undone);

        NextState Onwards(StepContext step) =>
            NextState.GoTo(step.StepNumber < walk.Length ? walk[step.StepNumber] : "GiveUp");

        NextState Undo(StepContext step)
        {
            undone.Add($"{step.State} {step.Undoes}");
            return NextState.Undone();
        }
    }
}

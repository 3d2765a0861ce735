using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>
/// Which states of a definition undo which, and how a workflow goes back along them. It knows the workflow by its variables alone, so the
/// same step has the same result wherever it runs.
/// </summary>
internal sealed class Compensations
{
    private readonly Dictionary<string, string> undoneBy;
    private readonly HashSet<string> compensating;
    private readonly HashSet<string> final;

    private Compensations(Dictionary<string, string> undoneBy, IReadOnlyList<StateDefinition> states)
    {
        this.undoneBy = undoneBy;
        compensating = [.. undoneBy.Values];
        final = [.. states.Where(state => state.IsFinal).Select(state => state.Name)];
    }

    /// <summary>Those of some states; null when none of them is ever undone.</summary>
    public static Compensations? Of(IReadOnlyList<StateDefinition> states)
    {
        var undoneBy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var state in states)
        {
            if (state.CompensatedBy is { } compensation)
            {
                undoneBy.TryAdd(state.Name, compensation);
            }
        }

        return undoneBy.Count == 0 ? null : new Compensations(undoneBy, states);
    }

    /// <summary>The states that undo others.</summary>
    public IReadOnlySet<string> Compensating => compensating;

    /// <summary>The state with a function that says where the workflow really goes, and writes down what can be undone.</summary>
    public StateDefinition Around(StateDefinition state) =>
        state.Function is { } function
            ? state with
            {
                Function = async step =>
                {
                    step.Undoes = UndoneIn(step);
                    var next = await function(step);
                    return next is null ? null! : Settle(next, step);
                },
            }
            : state;

    /// <summary>What a step says, with the state to which it comes. Once it is settled, nothing more is done.</summary>
    /// <exception cref="NotRetryableException">The step compensates or undoes where it cannot.</exception>
    public NextState Settle(NextState next, StepContext step)
    {
        if (next.IsSettled || (next.Undoing == Undoing.Undone && !compensating.Contains(step.State)))
        {
            return next;
        }

        var list = ListOf(step);
        var (target, left) = next.Undoing switch
        {
            Undoing.Begins => Begin(next.Target, list, step),
            Undoing.Undone => Undone(list, step),
            _ => (next.Target, Remembered(next, list, step)),
        };
        if (left != list || !step.HasBegun || next.Beginning is not null)
        {
            left.WriteTo(next.Beginning ?? step.Variables);
        }

        return next.SettledTo(target);
    }

    private (string Target, UndoList Left) Begin(string then, UndoList list, StepContext step) =>
        compensating.Contains(step.State)
            ? throw new NotRetryableException(
                $"State '{step.State}' undoes others and asks to compensate; expected Undone()"
            )
        : list.Done.Count == 0 ? (then, UndoList.Empty)
        : (UndoOf(list.Done[^1], step), list with { Then = then });

    /// <summary>What was done after it and is still in the list was passed over by hand.</summary>
    private (string Target, UndoList Left) Undone(UndoList list, StepContext step)
    {
        if (list.Then is not { } then)
        {
            throw new NotRetryableException(
                $"State '{step.State}' says Undone, but nothing is being undone; expected a step before that says Compensate"
            );
        }

        if (!TryFindUndone(list, step, out var index))
        {
            throw new NotRetryableException(
                $"State '{step.State}' says Undone, but nothing that it undoes is left; left to undo: {NamesIn(list)}"
            );
        }

        var left = list with { Done = [.. list.Done.Take(index)] };
        return left.Done.Count == 0 ? (then, UndoList.Empty) : (UndoOf(left.Done[^1], step), left);
    }

    /// <summary>A workflow that ends or begins anew has nothing to undo.</summary>
    private UndoList Remembered(NextState next, UndoList list, StepContext step) =>
        final.Contains(next.Target) || next.Beginning is not null ? UndoList.Empty
        : undoneBy.ContainsKey(step.State) ? list.With(new DoneStep(step.State, step.StepNumber))
        : list;

    /// <summary>What is there before a step is committed belongs to another workflow, whose variables were copied.</summary>
    private static UndoList ListOf(StepContext step) => step.HasBegun ? UndoList.In(step.Variables) : UndoList.Empty;

    private string? UndoneIn(StepContext step) =>
        compensating.Contains(step.State)
        && ListOf(step) is { Then: not null } list
        && TryFindUndone(list, step, out var index)
            ? step.KeyOf(list.Done[index].Step)
            : null;

    /// <summary>The last step of the list that the current state undoes.</summary>
    private bool TryFindUndone(UndoList list, StepContext step, out int index)
    {
        index = list.Done.Count - 1;
        while (index >= 0 && undoneBy.GetValueOrDefault(list.Done[index].State) != step.State)
        {
            index--;
        }

        return index >= 0;
    }

    private string UndoOf(DoneStep done, StepContext step) =>
        undoneBy.TryGetValue(done.State, out var compensation)
            ? compensation
            : throw new NotRetryableException(
                $"State '{done.State}' was done and is to be undone, but no state of {step.WorkflowType} undoes it; expected one of "
                    + string.Join(", ", undoneBy.Keys)
            );

    private static string NamesIn(UndoList list) => string.Join(", ", list.Done.Select(done => done.State));
}

using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>
/// The compensations of a definition, and the logic that runs them in reverse order. The only input is the workflow's variables, so a step
/// has the same result on every executor.
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

    /// <summary>The compensations of a definition's states, or null if there are none.</summary>
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

    /// <summary>The names of the states that undo others.</summary>
    public IReadOnlySet<string> Compensating => compensating;

    /// <summary>Wraps the function of a state: the wrapper determines the actual target, and updates the undo list.</summary>
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

    /// <summary>
    /// Determines the actual target of a step and updates the undo list. A step that is already settled is returned unchanged.
    /// </summary>
    /// <exception cref="NotRetryableException">
    /// A compensation returns Compensate, a state returns Undone although nothing is being undone, or the undo list does not match the
    /// definition.
    /// </exception>
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
                $"State '{step.State}' is a compensation and returns Compensate; expected Undone"
            )
        : list.Done.Count == 0 ? (then, UndoList.Empty)
        : (UndoOf(list.Done[^1], step), list with { Then = then });

    /// <summary>
    /// Removes the undone step from the list, and all steps that were done after it: if any are left, a person has skipped them by moving
    /// the workflow.
    /// </summary>
    private (string Target, UndoList Left) Undone(UndoList list, StepContext step)
    {
        if (list.Then is not { } then)
        {
            throw new NotRetryableException(
                $"State '{step.State}' returns Undone, but nothing is being undone; expected an earlier step that returns Compensate"
            );
        }

        if (!TryFindUndone(list, step, out var index))
        {
            throw new NotRetryableException(
                $"State '{step.State}' returns Undone, but no step that it undoes is left; left to undo: {NamesIn(list)}"
            );
        }

        var left = list with { Done = [.. list.Done.Take(index)] };
        return left.Done.Count == 0 ? (then, UndoList.Empty) : (UndoOf(left.Done[^1], step), left);
    }

    /// <summary>The undo list after an ordinary step. It is empty when the workflow ends or begins anew.</summary>
    private UndoList Remembered(NextState next, UndoList list, StepContext step) =>
        final.Contains(next.Target) || next.Beginning is not null ? UndoList.Empty
        : undoneBy.ContainsKey(step.State) ? list.With(new DoneStep(step.State, step.StepNumber))
        : list;

    /// <summary>
    /// The undo list of the workflow. A list that exists before the first commit was copied with the variables of another workflow, so it
    /// is ignored.
    /// </summary>
    private static UndoList ListOf(StepContext step) => step.HasBegun ? UndoList.In(step.Variables) : UndoList.Empty;

    private string? UndoneIn(StepContext step) =>
        compensating.Contains(step.State)
        && ListOf(step) is { Then: not null } list
        && TryFindUndone(list, step, out var index)
            ? step.KeyOf(list.Done[index].Step)
            : null;

    /// <summary>Finds the last step in the list that the current state undoes.</summary>
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
                $"State '{done.State}' is to be undone, but no state of {step.WorkflowType} undoes it; expected one of "
                    + string.Join(", ", undoneBy.Keys)
            );

    private static string NamesIn(UndoList list) => string.Join(", ", list.Done.Select(done => done.State));
}

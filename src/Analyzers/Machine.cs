using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GopherFlow.Analyzers;

/// <summary>The states of a class and their transitions, as far as they can be read from the code.</summary>
internal sealed class Machine
{
    private readonly INamedTypeSymbol type;
    private readonly IReadOnlyList<StateSymbol> states;
    private readonly HashSet<string> compensating;
    private readonly Dictionary<StateSymbol, TargetReader> read = [];
    private readonly List<TargetReader> compensations = [];

    private Machine(INamedTypeSymbol type, IReadOnlyList<StateSymbol> states)
    {
        this.type = type;
        this.states = states;
        compensating = [.. states.Select(state => state.CompensatedBy).OfType<string>()];
    }

    /// <summary>Targets that are not states, each with the names of the existing states.</summary>
    public IEnumerable<(Target Target, string Names)> UnknownTargets
    {
        get
        {
            var known = new HashSet<string>(states.Select(state => state.Name));
            var names = string.Join(", ", states.Select(state => state.Name).Distinct());
            return read
                .Values.Concat(compensations)
                .SelectMany(reader => reader.Targets)
                .Where(target => !known.Contains(target.State))
                .GroupBy(target => target.Place)
                .Select(same => (same.First(), names));
        }
    }

    /// <summary>States that run but have no targets.</summary>
    public IEnumerable<StateSymbol> DeadEnds =>
        states.Where(state =>
            state.Runs && TargetsOf(state) is { Count: 0 } && !IsOpen(state) && !compensating.Contains(state.Name)
        );

    /// <summary>Calls of Undone in a state that does not undo another.</summary>
    public IEnumerable<(StateSymbol State, InvocationExpressionSyntax Call)> Misplaced(
        CancellationToken cancellation
    ) =>
        from state in states
        where state.Runs && !compensating.Contains(state.Name)
        from part in state.Symbol.DeclaringSyntaxReferences
        from call in part.GetSyntax(cancellation).DescendantNodes().OfType<InvocationExpressionSyntax>()
        where StepSyntax.IsUndone(call)
        select (state, call);

    /// <summary>States that cannot be reached; empty if this cannot be determined.</summary>
    public IReadOnlyList<StateSymbol> Unreachable
    {
        get
        {
            if (states.Count(state => state.Kind == StateKind.Start) != 1 || states.Any(IsOpen))
            {
                return [];
            }

            var byName = states.ToLookup(state => state.Name);
            var reached = new HashSet<string>();
            var open = new Stack<StateSymbol>(
                states.Where(state => state.Kind == StateKind.Start || state.IsDiversion)
            );
            while (open.Count > 0)
            {
                var state = open.Pop();
                if (!reached.Add(state.Name))
                {
                    continue;
                }

                // A person may move the workflow from there to any state.
                if (state is { Kind: StateKind.Manual, Runs: false, GoesTo: null })
                {
                    return [];
                }

                var targets = state.CompensatedBy is { } undo
                    ? TargetsOf(state).Append(undo)
                    : TargetsOf(state).AsEnumerable();
                foreach (var next in targets.SelectMany(name => byName[name]))
                {
                    open.Push(next);
                }
            }

            return [.. states.Where(state => !reached.Contains(state.Name))];
        }
    }

    /// <summary>Reads a class.</summary>
    public static Machine Of(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var lineage = WorkflowSymbols.LineageOf(type);
        var states = WorkflowSymbols.StatesOf(lineage);
        var code = new ClassCode(lineage, states);
        var machine = new Machine(type, states);
        foreach (var state in states)
        {
            if (state.Compensate is { } compensate)
            {
                machine.compensations.Add(TargetReader.OfAttribute(compensate, code, cancellation));
            }

            if (state.GoesTo is { } goesTo)
            {
                machine.read[state] = TargetReader.OfAttribute(goesTo, code, cancellation);
            }
            else if (state.Runs && !state.Symbol.DeclaringSyntaxReferences.IsEmpty)
            {
                machine.read[state] = TargetReader.OfState(state, code, cancellation);
            }
        }

        return machine;
    }

    private HashSet<string> TargetsOf(StateSymbol state) =>
        read.TryGetValue(state, out var reader) ? [.. reader.Targets.Select(target => target.State)] : [];

    /// <summary>
    /// Whether it may go to states that are not visible here: their names are computed at run time or are in another assembly.
    /// </summary>
    private bool IsOpen(StateSymbol state) =>
        read.TryGetValue(state, out var reader)
            ? reader.IsOpen
            : state.Runs
                || !SymbolEqualityComparer.Default.Equals(state.Symbol.ContainingAssembly, type.ContainingAssembly);
}

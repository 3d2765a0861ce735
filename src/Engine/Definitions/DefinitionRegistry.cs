using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace GopherFlow.Definitions;

/// <summary>The definitions that this process can run, by name. It only exists when every one of them is sound.</summary>
public sealed class DefinitionRegistry
{
    private readonly FrozenDictionary<string, WorkflowDefinition> byName;

    private DefinitionRegistry(IEnumerable<WorkflowDefinition> definitions)
    {
        All = [.. definitions.OrderBy(definition => definition.Name, StringComparer.Ordinal)];
        byName = All.ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);
        Names = [.. All.Select(definition => definition.Name)];
    }

    /// <summary>All definitions, sorted by name.</summary>
    public IReadOnlyList<WorkflowDefinition> All { get; }

    /// <summary>The names of all definitions, sorted.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Checks all definitions together.</summary>
    /// <param name="definitions">What was registered.</param>
    /// <param name="found">Faults that were found while the definitions were read.</param>
    /// <exception cref="InvalidDefinitionException">There is any fault; the exception lists all of them.</exception>
    public static DefinitionRegistry Of(
        IReadOnlyCollection<WorkflowDefinition> definitions,
        IReadOnlyCollection<DefinitionFault>? found = null
    )
    {
        DefinitionFault[] faults =
        [
            .. found ?? [],
            .. definitions.SelectMany(DefinitionValidation.Validate),
            .. definitions
                .GroupBy(definition => definition.Name)
                .Where(same => same.Count() > 1)
                .Select(same => new DefinitionFault(
                    same.Key,
                    null,
                    $"is registered {same.Count()} times; once is enough"
                )),
        ];
        return faults.Length == 0 ? new DefinitionRegistry(definitions) : throw new InvalidDefinitionException(faults);
    }

    /// <summary>Finds a definition by its name; the match is exact.</summary>
    public bool TryFind(string name, [MaybeNullWhen(false)] out WorkflowDefinition definition) =>
        byName.TryGetValue(name, out definition);
}

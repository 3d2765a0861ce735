using Microsoft.CodeAnalysis;

namespace GopherFlow.Analyzers;

/// <summary>The symbols that names in the code of a class may refer to.</summary>
internal sealed class ClassCode(IReadOnlyList<INamedTypeSymbol> lineage, IReadOnlyList<StateSymbol> states)
{
    /// <summary>The class and its bases, the base first.</summary>
    public IReadOnlyList<INamedTypeSymbol> Lineage { get; } = lineage;

    /// <summary>Its states by their C# names.</summary>
    public ILookup<string, StateSymbol> States { get; } = states.ToLookup(state => state.Member);

    /// <summary>Its methods and properties by name.</summary>
    public ILookup<string, ISymbol> Members { get; } =
        lineage
            .SelectMany(level => level.GetMembers())
            .Where(member => member is IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol)
            .ToLookup(member => member.Name);
}

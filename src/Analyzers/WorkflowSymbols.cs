using Microsoft.CodeAnalysis;

namespace GopherFlow.Analyzers;

/// <summary>Recognizes workflow classes and their states by the names of the engine's types.</summary>
internal static class WorkflowSymbols
{
    /// <summary>The namespace of the API for authors.</summary>
    public const string Authoring = "GopherFlow.Authoring";

    /// <summary>The name of the type of a step.</summary>
    public const string StepContext = "StepContext";

    /// <summary>Whether a class derives from the engine's Workflow.</summary>
    public static bool IsWorkflow(INamedTypeSymbol? type) =>
        type is { TypeKind: TypeKind.Class }
        && !IsAuthoring(type)
        && Bases(type).Any(level => IsNamed(level, "Workflow"));

    /// <summary>Whether a class declares the types of its input, data and result.</summary>
    public static bool IsTyped(INamedTypeSymbol type) =>
        Bases(type).Any(level => IsNamed(level, "Workflow") && level.TypeArguments.Length > 0);

    /// <summary>The class and its bases up to but excluding the engine's, base first.</summary>
    public static IReadOnlyList<INamedTypeSymbol> LineageOf(INamedTypeSymbol type) =>
        [.. Bases(type).TakeWhile(level => !IsAuthoring(level)).Reverse()];

    /// <summary>The states of a class in the engine's order: methods, then constants.</summary>
    public static IReadOnlyList<StateSymbol> StatesOf(IReadOnlyList<INamedTypeSymbol> lineage) =>
        [
            .. lineage
                .SelectMany(level => level.GetMembers().OfType<IMethodSymbol>())
                .Select(StateOf)
                .OfType<StateSymbol>(),
            .. lineage
                .SelectMany(level => level.GetMembers().OfType<IFieldSymbol>())
                .Select(StateOf)
                .OfType<StateSymbol>(),
        ];

    /// <summary>Whether a symbol has an attribute of the engine.</summary>
    public static bool Has(ISymbol symbol, string attribute) => Find(symbol, attribute) is not null;

    /// <summary>Whether a type is the type with this name in the API for authors.</summary>
    public static bool IsNamed(ITypeSymbol? type, string name) =>
        type is not null && type.Name == name && IsAuthoring(type);

    private static StateSymbol? StateOf(ISymbol symbol)
    {
        if (symbol is IMethodSymbol { MethodKind: not MethodKind.Ordinary } || KindOf(symbol) is not { } kind)
        {
            return null;
        }

        var goesTo = Find(symbol, "GoesToAttribute");
        return symbol switch
        {
            IFieldSymbol { HasConstantValue: true, ConstantValue: string state } => new(
                symbol,
                state,
                symbol.Name,
                kind,
                goesTo
            ),
            IMethodSymbol when kind == StateKind.Manual && WithoutOn(symbol.Name) is var name => new(
                symbol,
                name,
                name,
                kind,
                goesTo
            ),
            IMethodSymbol => new(symbol, symbol.Name, symbol.Name, kind, goesTo),
            _ => null,
        };
    }

    private static string WithoutOn(string name) =>
        name.Length > 2 && name[0] == 'O' && name[1] == 'n' && name[2] is >= 'A' and <= 'Z' ? name.Substring(2) : name;

    private static StateKind? KindOf(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (!IsAuthoring(attribute.AttributeClass))
            {
                continue;
            }

            switch (attribute.AttributeClass!.Name)
            {
                case "StartAttribute":
                    return StateKind.Start;
                case "StateAttribute":
                    return StateKind.State;
                case "ManualAttribute":
                    return StateKind.Manual;
                case "EndAttribute":
                case "ErrorAttribute":
                    return StateKind.Final;
            }
        }

        return null;
    }

    /// <summary>The attribute of the engine with this name on a symbol, or null.</summary>
    public static AttributeData? Find(ISymbol symbol, string attribute) =>
        symbol
            .GetAttributes()
            .FirstOrDefault(each => each.AttributeClass?.Name == attribute && IsAuthoring(each.AttributeClass));

    private static bool IsAuthoring(ITypeSymbol? type) =>
        type?.ContainingNamespace is { Name: "Authoring", ContainingNamespace: { Name: "GopherFlow" } outer }
        && outer.ContainingNamespace.IsGlobalNamespace;

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            yield return level;
        }
    }
}

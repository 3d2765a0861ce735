using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GopherFlow.Analyzers;

/// <summary>Generates the targets <c>To.X</c> of each partial workflow class, and an attribute with the transitions of its code.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class TargetsGenerator : IIncrementalGenerator
{
    /// <summary>The name of the pipeline step whose results are compared.</summary>
    internal const string ModelStep = "Model";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var models = context
            .SyntaxProvider.CreateSyntaxProvider(
                static (node, _) =>
                    node is ClassDeclarationSyntax { BaseList: not null } type
                    && type.Modifiers.Any(SyntaxKind.PartialKeyword),
                static (found, cancellation) => ModelOf(found, cancellation)
            )
            .Where(static model => model is not null)
            .WithTrackingName(ModelStep);
        context.RegisterSourceOutput(
            models,
            static (output, model) =>
                output.AddSource(model!.HintName, SourceText.From(TargetsSource.Of(model), Encoding.UTF8))
        );
    }

    private static WorkflowModel? ModelOf(GeneratorSyntaxContext found, CancellationToken cancellation)
    {
        var declaration = (ClassDeclarationSyntax)found.Node;
        if (
            found.SemanticModel.GetDeclaredSymbol(declaration, cancellation) is not INamedTypeSymbol type
            || !WorkflowSymbols.IsWorkflow(type)
            || !IsFirstOf(type, declaration, cancellation)
            || TypesAround(declaration) is not { } types
        )
        {
            return null;
        }

        var lineage = WorkflowSymbols.LineageOf(type);
        var states = WorkflowSymbols.StatesOf(lineage);
        var code = new ClassCode(lineage, states);
        return new WorkflowModel(
            $"{HintOf(type)}.To.g.cs",
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            new(types),
            new([
                .. states
                    .GroupBy(state => state.Member)
                    .Select(same => same.Last())
                    .Select(state => new TargetMember(state.Member, state.Name, state.Signal)),
            ]),
            new([
                .. states
                    .Where(state => state.Runs && state.GoesTo is null)
                    .Where(state => !state.Symbol.DeclaringSyntaxReferences.IsEmpty)
                    .Select(state => new TransitionModel(state.Name, new(TargetsOf(state)))),
            ])
        );

        string[] TargetsOf(StateSymbol state) =>
            [.. TargetReader.OfState(state, code, cancellation).Targets.Select(target => target.State).Distinct()];
    }

    /// <summary>Whether this is the first part of the class that has a base list: the code is generated only for that part.</summary>
    private static bool IsFirstOf(
        INamedTypeSymbol type,
        ClassDeclarationSyntax declaration,
        CancellationToken cancellation
    ) =>
        type.DeclaringSyntaxReferences.Select(part => part.GetSyntax(cancellation))
            .OfType<ClassDeclarationSyntax>()
            .FirstOrDefault(part => part.BaseList is not null) == declaration;

    /// <summary>The type declarations from the outside in; null if one of them is not partial, so that nothing can be added.</summary>
    private static string[]? TypesAround(TypeDeclarationSyntax declaration)
    {
        var types = declaration.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Reverse().ToList();
        return types.TrueForAll(type => type.Modifiers.Any(SyntaxKind.PartialKeyword))
            ? [.. types.Select(type => $"{KeywordsOf(type)} {type.Identifier.ValueText}{type.TypeParameterList}")]
            : null;
    }

    private static string KeywordsOf(TypeDeclarationSyntax type) =>
        type is RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: "struct" }
            ? "record struct"
            : type.Keyword.ValueText;

    private static string HintOf(INamedTypeSymbol type) =>
        type.ToDisplayString().Replace('<', '_').Replace('>', '_').Replace(", ", "_");
}

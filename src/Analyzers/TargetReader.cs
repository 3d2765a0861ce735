using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GopherFlow.Analyzers;

/// <summary>A target in the code.</summary>
/// <param name="State">The name of the state.</param>
/// <param name="Place">The place in the code.</param>
internal sealed record Target(string State, SyntaxNode Place);

/// <summary>
/// Reads the targets of states from the code of a class: <c>To.X</c>, and the names that are passed to <c>GoTo</c>, <c>Then</c>,
/// <c>OrAfter</c> and <c>OrAt</c>, in a method and in the other members of the class that it uses. It uses only the syntax, because
/// <c>To</c> does not exist yet when the generator runs.
/// </summary>
internal sealed class TargetReader
{
    private readonly ClassCode code;
    private readonly CancellationToken cancellation;
    private readonly HashSet<ISymbol> read = new(SymbolEqualityComparer.Default);
    private readonly List<Target> targets = [];

    private TargetReader(ClassCode code, CancellationToken cancellation)
    {
        this.code = code;
        this.cancellation = cancellation;
    }

    /// <summary>The targets that were found.</summary>
    public IReadOnlyList<Target> Targets => targets;

    /// <summary>Whether the code may also go to a state whose name is known only at run time.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Reads the method of a state.</summary>
    public static TargetReader OfState(StateSymbol state, ClassCode code, CancellationToken cancellation)
    {
        var reader = new TargetReader(code, cancellation);
        reader.ReadMember(state.Symbol);
        return reader;
    }

    /// <summary>Reads the attribute that declares the targets of a state.</summary>
    public static TargetReader OfAttribute(AttributeData goesTo, ClassCode code, CancellationToken cancellation)
    {
        var reader = new TargetReader(code, cancellation);
        if (goesTo.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax attribute)
        {
            reader.IsOpen = true;
            return reader;
        }

        foreach (var argument in attribute.ArgumentList?.Arguments ?? [])
        {
            reader.ReadName(argument.Expression);
        }

        return reader;
    }

    private void ReadMember(ISymbol member)
    {
        if (!read.Add(member))
        {
            return;
        }

        foreach (var declaration in member.DeclaringSyntaxReferences)
        {
            ReadBody(declaration.GetSyntax(cancellation));
        }
    }

    private void ReadBody(SyntaxNode body)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var node in body.DescendantNodes(static node => node is not AttributeListSyntax))
        {
            switch (node)
            {
                case MemberAccessExpressionSyntax access when StepSyntax.IsTo(access.Expression):
                    ReadTo(access);
                    break;
                case ArgumentSyntax argument when StepSyntax.TakesState(argument):
                    ReadName(argument.Expression);
                    break;
                case SimpleNameSyntax name when IsOfClass(name):
                    foreach (var member in code.Members[name.Identifier.ValueText])
                    {
                        ReadMember(member);
                    }

                    break;
            }
        }
    }

    private void ReadTo(MemberAccessExpressionSyntax access)
    {
        if (code.States[access.Name.Identifier.ValueText].FirstOrDefault() is { } state)
        {
            targets.Add(new Target(state.Name, access));
        }
        else
        {
            // The compiler reports the error at the same place; further errors would be noise.
            IsOpen = true;
        }
    }

    /// <summary>Reads the names to which an expression may evaluate.</summary>
    private void ReadName(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression):
                targets.Add(new Target(literal.Token.ValueText, expression));
                break;
            case InvocationExpressionSyntax call
                when StepSyntax.MethodOf(call) == "nameof"
                    && call.ArgumentList.Arguments.Count == 1
                    && StepSyntax.LastNameOf(call.ArgumentList.Arguments[0].Expression) is { } name:
                targets.Add(new Target(name, expression));
                break;
            case IdentifierNameSyntax or MemberAccessExpressionSyntax when ConstantOf(expression) is { } constant:
                targets.Add(new Target(constant, expression));
                break;
            case ParenthesizedExpressionSyntax inner:
                ReadName(inner.Expression);
                break;
            case ConditionalExpressionSyntax either:
                ReadName(either.WhenTrue);
                ReadName(either.WhenFalse);
                break;
            case SwitchExpressionSyntax many:
                foreach (var arm in many.Arms.Where(arm => arm.Expression is not ThrowExpressionSyntax))
                {
                    ReadName(arm.Expression);
                }

                break;
            case ThrowExpressionSyntax:
                break;
            default:
                IsOpen = true;
                break;
        }
    }

    /// <summary>The value of a constant of the class or one of its bases.</summary>
    private string? ConstantOf(ExpressionSyntax expression)
    {
        var isOfClass =
            expression is not MemberAccessExpressionSyntax access
            || access.Expression is ThisExpressionSyntax or BaseExpressionSyntax
            || StepSyntax.LastNameOf(access.Expression) is { } type && code.Lineage.Any(level => level.Name == type);
        return isOfClass
            ? code
                .Lineage.SelectMany(level => level.GetMembers(StepSyntax.LastNameOf(expression)!))
                .OfType<IFieldSymbol>()
                .Select(field => field.ConstantValue as string)
                .LastOrDefault(value => value is not null)
            : null;
    }

    /// <summary>
    /// Whether a name refers to a member of the class that the code uses, so that the code of the member is read as well.
    /// </summary>
    private bool IsOfClass(SimpleNameSyntax name)
    {
        if (!code.Members.Contains(name.Identifier.ValueText))
        {
            return false;
        }

        var isCalled = name.Parent is InvocationExpressionSyntax direct && direct.Expression == name;
        var isOther =
            name.Parent is NameColonSyntax or QualifiedNameSyntax
            || name.FirstAncestorOrSelf<InvocationExpressionSyntax>(call => StepSyntax.MethodOf(call) == "nameof")
                is not null;
        if (name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
        {
            isOther |= access.Expression is not (ThisExpressionSyntax or BaseExpressionSyntax);
            isCalled = access.Parent is InvocationExpressionSyntax;
        }

        // A method of another state is used only if it is called: its name alone is a target.
        return !isOther && (isCalled || !code.States.Contains(name.Identifier.ValueText));
    }
}

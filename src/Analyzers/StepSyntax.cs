using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GopherFlow.Analyzers;

/// <summary>Recognizes the syntax with which code chooses the next state.</summary>
internal static class StepSyntax
{
    /// <summary>The kinds of expressions that can be a name, in contrast to a number or a time span.</summary>
    private static readonly HashSet<SyntaxKind> NameKinds =
    [
        SyntaxKind.StringLiteralExpression,
        SyntaxKind.IdentifierName,
        SyntaxKind.SimpleMemberAccessExpression,
        SyntaxKind.InvocationExpression,
        SyntaxKind.ConditionalExpression,
        SyntaxKind.SwitchExpression,
        SyntaxKind.ParenthesizedExpression,
    ];

    /// <summary>Whether an expression is the generated class of targets.</summary>
    public static bool IsTo(ExpressionSyntax expression) =>
        expression switch
        {
            IdentifierNameSyntax { Identifier.ValueText: "To" } => true,
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "To" } => true,
            _ => false,
        };

    /// <summary>Whether an argument is the name of a state. A NextState argument is found separately.</summary>
    public static bool TakesState(ArgumentSyntax argument)
    {
        if (argument.Parent is not ArgumentListSyntax { Parent: InvocationExpressionSyntax call } list)
        {
            return false;
        }

        var index = list.Arguments.IndexOf(argument);
        return MethodOf(call) switch
        {
            "GoTo" => index == 0 && IsGoTo(call.Expression),
            "Compensate" => index == 0 && IsGoTo(call.Expression) && IsWritten(argument.Expression),
            "Then" => index == 0 && call.Expression is MemberAccessExpressionSyntax && IsWritten(argument.Expression),
            "OrAfter" or "OrAt" => (index == 1 || argument.NameColon is { Name.Identifier.ValueText: "state" })
                && IsWritten(argument.Expression),
            _ => false,
        };
    }

    /// <summary>Whether a call is <c>Undone()</c>, which reports that the state has undone another.</summary>
    public static bool IsUndone(InvocationExpressionSyntax call) =>
        MethodOf(call) == "Undone" && call.ArgumentList.Arguments.Count == 0 && IsGoTo(call.Expression);

    /// <summary>Whether an expression is a name, in contrast to a NextState or a number.</summary>
    private static bool IsWritten(ExpressionSyntax expression) =>
        expression
            .DescendantNodesAndSelf()
            .All(node => node is not MemberAccessExpressionSyntax access || !IsTo(access.Expression))
        && NameKinds.Contains(expression.Kind());

    /// <summary>The name of the method that is called, or null.</summary>
    public static string? MethodOf(InvocationExpressionSyntax call) =>
        call.Expression switch
        {
            SimpleNameSyntax name => name.Identifier.ValueText,
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            _ => null,
        };

    private static bool IsGoTo(ExpressionSyntax called) =>
        called is SimpleNameSyntax
        || called is MemberAccessExpressionSyntax access
            && access.Expression switch
            {
                ThisExpressionSyntax or BaseExpressionSyntax => true,
                SimpleNameSyntax name => name.Identifier.ValueText is "NextState" or "Workflow",
                MemberAccessExpressionSyntax qualified => qualified.Name.Identifier.ValueText == "NextState",
                _ => false,
            };

    /// <summary>The name, or the last part of a qualified name; null for other expressions.</summary>
    public static string? LastNameOf(ExpressionSyntax expression) =>
        expression switch
        {
            SimpleNameSyntax name => name.Identifier.ValueText,
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            _ => null,
        };
}

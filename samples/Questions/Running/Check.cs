using System.Runtime.CompilerServices;

namespace GopherFlow.Questions.Running;

/// <summary>Assertions that throw when a sample does not behave as expected.</summary>
internal static class Check
{
    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"{what} is {actual}; expected {expected}.");
        }
    }

    public static void That(bool holds, [CallerArgumentExpression(nameof(holds))] string what = "") =>
        Equal(true, holds, what);
}

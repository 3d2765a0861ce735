using System.Globalization;

namespace GopherFlow.Simulation;

/// <summary>
/// A ledger that each workflow keeps in its variables: every state records and counts itself. It must have exactly the steps of the
/// history, each once.
/// </summary>
internal static class Ledger
{
    private const string Steps = "steps";
    private const string Count = "count";
    private const string Beside = "beside";
    private const string Taken = "taken";
    private const string First = "first";
    private const string Beginnings = "beginnings";

    /// <summary>Records the running state.</summary>
    public static void Enter(StepContext step)
    {
        step.Variables[Steps] = $"{step.Variables[Steps]} {NumberOf(step)}:{step.State}";
        step.Variables.Set(Count, step.Variables.Get(Count, 0) + 1);
        EnterTaken(step);
    }

    /// <summary>The variables of a new beginning: without recorded steps, everything else is kept.</summary>
    public static Variables BeginAnew(StepContext step)
    {
        var variables = Variables.Parse(step.Variables.ToJson());
        variables.Remove(Steps);
        variables.Set(Count, 0);
        variables.Set(First, NumberOf(step) + 1);
        variables.Set(Beginnings, ReadBeginning(variables).Count + 1);
        return variables;
    }

    /// <summary>The number of new beginnings, and the number of the first step after the last one.</summary>
    public static (int Count, int FirstStep) ReadBeginning(Variables variables) =>
        (variables.Get(Beginnings, 0), variables.Get(First, 0));

    /// <summary>Records that the step writes its own row with its commit.</summary>
    public static void EnterBeside(StepContext step) =>
        step.Variables[Beside] = $"{step.Variables[Beside]} {step.StepKey}";

    /// <summary>The keys of the steps that write their own row with their commit.</summary>
    public static IReadOnlyList<string> ReadBeside(Variables variables) =>
        (variables[Beside] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static int NumberOf(StepContext step) =>
        int.Parse(step.StepKey[(step.StepKey.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    /// <summary>Records the signal that the step takes, if any.</summary>
    private static void EnterTaken(StepContext step)
    {
        if (step.Signal is { } signal)
        {
            step.Variables[Taken] = $"{step.Variables[Taken]} {signal.Json}";
        }
    }

    /// <summary>The payloads of the taken signals, in order.</summary>
    public static IReadOnlyList<string> ReadTaken(Variables variables) =>
        (variables[Taken] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The expected text of the ledger for these steps, each once.</summary>
    public static string Of(IEnumerable<(int Number, string State)> steps) =>
        string.Concat(
            steps.Select(step => string.Create(CultureInfo.InvariantCulture, $" {step.Number}:{step.State}"))
        );

    /// <summary>The text and the count of the ledger.</summary>
    public static (string Steps, int Count) Read(Variables variables) =>
        (variables[Steps] ?? "", variables.Get(Count, 0));
}

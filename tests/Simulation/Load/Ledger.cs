using System.Globalization;

namespace GopherFlow.Simulation;

/// <summary>
/// What a workflow's author can see of its own past: each state enters itself, and counts itself, in the variables. Every step that
/// is in the history must be here once, and nothing else.
/// </summary>
internal static class Ledger
{
    private const string Steps = "steps";
    private const string Count = "count";
    private const string Beside = "beside";
    private const string Taken = "taken";
    private const string First = "first";
    private const string Beginnings = "beginnings";

    /// <summary>Enters the state that runs.</summary>
    public static void Enter(StepContext step)
    {
        step.Variables[Steps] = $"{step.Variables[Steps]} {NumberOf(step)}:{step.State}";
        step.Variables.Set(Count, step.Variables.Get(Count, 0) + 1);
        EnterTaken(step);
    }

    /// <summary>The variables of a new beginning: no step is entered yet, and everything else is taken along.</summary>
    public static Variables BeginAnew(StepContext step)
    {
        var variables = Variables.Parse(step.Variables.ToJson());
        variables.Remove(Steps);
        variables.Set(Count, 0);
        variables.Set(First, NumberOf(step) + 1);
        variables.Set(Beginnings, ReadBeginning(variables).Count + 1);
        return variables;
    }

    /// <summary>How many beginnings there were, and the number of the first step after the last of them.</summary>
    public static (int Count, int FirstStep) ReadBeginning(Variables variables) =>
        (variables.Get(Beginnings, 0), variables.Get(First, 0));

    /// <summary>Enters that the step writes a row of its own with its commit.</summary>
    public static void EnterBeside(StepContext step) =>
        step.Variables[Beside] = $"{step.Variables[Beside]} {step.StepKey}";

    /// <summary>The steps that have written a row of their own with their commit.</summary>
    public static IReadOnlyList<string> ReadBeside(Variables variables) =>
        (variables[Beside] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static int NumberOf(StepContext step) =>
        int.Parse(step.StepKey[(step.StepKey.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    /// <summary>Enters the signal that the step takes, if it takes one.</summary>
    private static void EnterTaken(StepContext step)
    {
        if (step.Signal is { } signal)
        {
            step.Variables[Taken] = $"{step.Variables[Taken]} {signal.Json}";
        }
    }

    /// <summary>The payloads of the signals that were taken, in order.</summary>
    public static IReadOnlyList<string> ReadTaken(Variables variables) =>
        (variables[Taken] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What it reads when these steps were made, each once.</summary>
    public static string Of(IEnumerable<(int Number, string State)> steps) =>
        string.Concat(
            steps.Select(step => string.Create(CultureInfo.InvariantCulture, $" {step.Number}:{step.State}"))
        );

    /// <summary>What it reads.</summary>
    public static (string Steps, int Count) Read(Variables variables) =>
        (variables[Steps] ?? "", variables.Get(Count, 0));
}

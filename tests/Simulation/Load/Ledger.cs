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

    /// <summary>Enters the state that runs.</summary>
    public static void Enter(StepContext step)
    {
        var number = step.StepKey[(step.StepKey.LastIndexOf(':') + 1)..];
        step.Variables[Steps] = $"{step.Variables[Steps]} {number}:{step.State}";
        step.Variables.Set(Count, step.Variables.Get<int>(Count) + 1);
    }

    /// <summary>What it reads when these steps were made, each once.</summary>
    public static string Of(IEnumerable<(int Number, string State)> steps) =>
        string.Concat(
            steps.Select(step => string.Create(CultureInfo.InvariantCulture, $" {step.Number}:{step.State}"))
        );

    /// <summary>What it reads.</summary>
    public static (string Steps, int Count) Read(Variables variables) =>
        (variables[Steps] ?? "", variables.Get<int>(Count));
}

using GopherFlow.Authoring;

namespace GopherFlowApp;

/// <summary>Greets somebody, and asks a day later how it went.</summary>
[Workflow("Greeting", "Greets somebody, and asks a day later how it went")]
public sealed class Greeting : Workflow
{
    [Start, GoesTo(nameof(FollowUp))]
    public NextState Greet()
    {
        Variables["greeting"] = $"Hello, {Variables["name"] ?? "world"}";
        return GoTo(nameof(FollowUp)).After(TimeSpan.FromDays(1)).Log("said hello");
    }

    [State, GoesTo(Done)]
    public NextState FollowUp() => GoTo(Done);

    [End]
    public const string Done = "Done";
}

using GopherFlow.Authoring;

namespace GopherFlow.App_1;

/// <summary>Greets somebody, and asks a day later how it went.</summary>
[Workflow("Greeting", "Greets somebody, and asks a day later how it went")]
public sealed partial class Greeting : Workflow
{
    [Start]
    public NextState Greet()
    {
        Variables["greeting"] = $"Hello, {Variables["name"] ?? "world"}";
        return To.FollowUp.After(days: 1).Log("said hello");
    }

    [State]
    public NextState FollowUp() => To.Done;

    [End]
    public const string Done = "Done";
}

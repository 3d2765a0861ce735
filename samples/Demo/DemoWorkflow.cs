using GopherFlow.Authoring;

namespace GopherFlow.Demo;

/// <summary>Shows variables of several types, and two ways to wait: for a duration, and until an instant.</summary>
[Workflow("DemoWorkflow", "This is a Demo Workflow showing how it can be used")]
public sealed class DemoWorkflow(DemoSettings settings) : Workflow
{
    /// <summary>The way out that this demo declares but never takes.</summary>
    [Error]
    public const string ApproveError = "ApproveError";

    /// <summary>The end.</summary>
    [End]
    public const string Finish = "Finish";

    /// <inheritdoc/>
    protected override RetryPolicy Retry => RetryPolicy.Linear(10, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(60));

    /// <summary>Sets strings and an object of its own type; Review runs five minutes later.</summary>
    [Start, GoesTo(nameof(Review))]
    public NextState Init()
    {
        Variables["age"] = "33";
        Variables["name"] = "Julian";
        Variables.Set("enrollment", new Enrollment("Julian", 33));
        return GoTo(nameof(Review)).After(settings.Scaled(TimeSpan.FromSeconds(300)));
    }

    /// <summary>Reads what Init has set; Approve runs half a minute later.</summary>
    [State, GoesTo(nameof(Approve), ApproveError)]
    public NextState Review()
    {
        Variables["name"] = "Julian2";
        var enrollment = Variables.Get<Enrollment>("enrollment");
        Logger.LogInformation("Reviewing {Enrollment}", enrollment);
        return GoTo(nameof(Approve)).At(Step.Clock.GetUtcNow() + settings.Scaled(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Logs the variables and finishes.</summary>
    [State, GoesTo(Finish)]
    public NextState Approve()
    {
        foreach (var name in Variables.Names)
        {
            Logger.LogInformation("Approving with {Name} = {Value}", name, Variables[name]);
        }

        return GoTo(Finish);
    }

    /// <summary>What a variable may hold beside text.</summary>
    /// <param name="Name">Who.</param>
    /// <param name="Age">How old.</param>
    public sealed record Enrollment(string Name, int Age);
}

using GopherFlow.Authoring;

namespace GopherFlow.Demo;

/// <summary>Shows variables of several types, and two ways to wait: for a duration, and until an instant.</summary>
[Workflow("DemoWorkflow", "This is a Demo Workflow showing how it can be used")]
public sealed class DemoWorkflow(DemoSettings settings) : Workflow
{
    /// <summary>An error state that this demo declares but never reaches.</summary>
    [Error]
    public const string ApproveError = "ApproveError";

    /// <summary>The final state.</summary>
    [End]
    public const string Finish = "Finish";

    /// <inheritdoc/>
    protected override RetryPolicy Retry => RetryPolicy.Linear(10, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(60));

    /// <summary>Sets strings and an object. Review runs five minutes later.</summary>
    [Start, GoesTo(nameof(Review))]
    public NextState Init()
    {
        Variables["age"] = "33";
        Variables["name"] = "Julian";
        Variables.Set("enrollment", new Enrollment("Julian", 33));
        return GoTo(nameof(Review)).After(settings.Scaled(TimeSpan.FromSeconds(300)));
    }

    /// <summary>Reads the object that Init has set. Approve runs half a minute later.</summary>
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

    /// <summary>An object that is stored in a variable.</summary>
    /// <param name="Name">The person's name.</param>
    /// <param name="Age">The person's age in years.</param>
    public sealed record Enrollment(string Name, int Age);
}

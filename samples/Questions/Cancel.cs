using GopherFlow.Authoring;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Workflow("Trip", "Reserves a room until the traveller arrives, and releases it if the trip is cancelled")]
public sealed partial class Trip : Workflow
{
    [Start]
    public NextState Hold()
    {
        Variables["room"] = "12";
        return To.Travel.After(days: 30);
    }

    [State]
    public NextState Travel() => To.Done;

    // A cancel can happen at any time, so check what has been done.
    [State, OnCancel]
    public NextState GiveBack()
    {
        var room = Variables["room"];
        Variables.Remove("room");
        return room is null ? To.Cancelled : To.Cancelled.Log($"room {room} is free again");
    }

    [End]
    public const string Done = "Done";

    [Error]
    public const string Cancelled = "Cancelled";
}

public static class Cancel
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<Trip>();
        var run = await flow.StartAsync();
        flow.FailAt("GiveBack", attempt: 1, new HttpRequestException("the hotel does not respond"));

        await run.CancelAsync();
        await run.EndAsync("Cancelled");

        run.AssertPath("Hold", "Travel", "GiveBack", "Cancelled").AssertVariable("room", null);
        output.WriteLine(run);
    }
}

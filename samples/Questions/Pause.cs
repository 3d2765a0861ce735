using GopherFlow.Authoring;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Workflow("Newsletter", "Sends a letter each day, three times")]
public sealed partial class Newsletter : Workflow
{
    [Start]
    public NextState Send()
    {
        var sent = Variables.Get("sent", 0) + 1;
        Variables.Set("sent", sent);
        return sent < 3 ? To.Send.After(days: 1) : To.Done;
    }

    [End]
    public const string Done = "Done";
}

public static class Pause
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<Newsletter>();
        var run = await flow.StartAsync();

        await run.PauseAsync();
        flow.Advance(days: 10);
        run.AssertStatus(WorkflowStatus.Paused).AssertVariable("sent", 1);
        output.WriteLine(run);

        // The run that was due while the workflow was paused is due now, once.
        await run.ResumeAsync();
        run.AssertStatus(WorkflowStatus.InProgress).AssertVariable("sent", 2);
        flow.Advance(days: 1);
        run.AssertState("Done").AssertVariable("sent", 3);
        output.WriteLine(run);
    }
}

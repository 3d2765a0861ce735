using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

[Workflow("AskBank", "Asks a bank for a rate")]
public sealed partial class AskBank : Workflow
{
    protected override RetryPolicy Retry =>
        RetryPolicy
            .Exponential(5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10))
            .On<TimeoutException>(RetryPolicy.Linear(20, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)))
            .On<ArgumentException>(RetryPolicy.None);

    [Start]
    public NextState Ask() => To.Answered;

    [End]
    public const string Answered = "Answered";
}

public static class Retry
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<AskBank>();
        var begin = flow.Now;
        flow.FailAt("Ask", attempt: 1, new HttpRequestException("the bank does not respond"));
        flow.FailAt("Ask", attempt: 2, new TimeoutException("the bank is slow"));

        var run = await flow.StartAsync();
        await run.EndAsync("Answered");

        Check.Equal(3, run.Visits[0].Attempts);
        // Exponential delays have a random jitter, between half and all of the delay. A test uses the middle.
        Check.Equal(60.75, (flow.Now - begin).TotalSeconds);
        output.WriteLine(run);

        flow.FailAt("Ask", attempt: 1, new ArgumentException("there is no such account"));
        var faulty = await flow.StartAsync();
        faulty.AssertStatus(WorkflowStatus.Failed);
        output.WriteLine(faulty.LastError);
    }
}

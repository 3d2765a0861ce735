using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Questions;

public interface IMail
{
    Task SendAsync(string to, string text);
}

[Workflow("Welcome", "Welcomes a customer, and asks a week later how it went")]
public sealed partial class Welcome(IMail mail) : Workflow
{
    [Start]
    public async Task<NextState> Greet()
    {
        await mail.SendAsync(Variables["to"]!, "Welcome");
        return To.FollowUp.After(days: 7);
    }

    [State]
    public async Task<NextState> FollowUp()
    {
        await mail.SendAsync(Variables["to"]!, "How was it?");
        return To.Done;
    }

    [End]
    public const string Done = "Done";
}

public sealed class FakeMail : IMail
{
    public List<string> Sent { get; } = [];

    public Task SendAsync(string to, string text)
    {
        Sent.Add($"{to}: {text}");
        return Task.CompletedTask;
    }
}

public static class Tested
{
    public static async Task RunAsync(TextWriter output)
    {
        var mail = new FakeMail();
        await using var flow = await FlowTest.For<Welcome>(services => services.AddSingleton<IMail>(mail));

        var run = await flow.StartAsync(new { to = "ada" });
        flow.Advance(days: 6);
        run.AssertState("FollowUp");
        flow.Advance(days: 1);

        run.AssertPath("Greet", "FollowUp", "Done");
        Check.Equal("ada: Welcome, ada: How was it?", string.Join(", ", mail.Sent));

        // The message of a failed assertion contains the path and the diagram.
        try
        {
            run.AssertPath("Greet", "Done");
        }
        catch (FlowTestException failure)
        {
            output.WriteLine(failure.Message);
        }
    }
}

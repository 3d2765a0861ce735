using GopherFlow.Authoring;
using GopherFlow.Questions.Running;
using GopherFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace GopherFlow.Questions;

/// <summary>A system that can only be polled. It is done after five hours.</summary>
public sealed class PrintShop(TimeProvider clock)
{
    private readonly DateTimeOffset ready = clock.GetUtcNow() + TimeSpan.FromHours(5);

    public Task<bool> IsPrintedAsync() => Task.FromResult(clock.GetUtcNow() >= ready);
}

[Workflow("PrintBook", "Asks a print shop every hour whether the book is printed, for at most two days")]
public sealed partial class PrintBook(PrintShop shop) : Workflow
{
    [Start]
    public NextState Order()
    {
        Variables.Set("giveUp", Step.Clock.GetUtcNow() + TimeSpan.FromDays(2));
        return To.Ask.After(hours: 1);
    }

    [State]
    public async Task<NextState> Ask()
    {
        if (await shop.IsPrintedAsync())
        {
            return To.Printed;
        }

        return Step.Clock.GetUtcNow() < Variables.Get<DateTimeOffset>("giveUp") ? To.Ask.After(hours: 1) : To.GivenUp;
    }

    [End]
    public const string Printed = "Printed";

    [Error]
    public const string GivenUp = "GivenUp";
}

public static class Poll
{
    public static async Task RunAsync(TextWriter output)
    {
        await using var flow = await FlowTest.For<PrintBook>(services => services.AddSingleton<PrintShop>());
        var begin = flow.Now;

        var run = await flow.StartAsync();
        await run.EndAsync("Printed");

        Check.Equal(TimeSpan.FromHours(5), flow.Now - begin);
        output.WriteLine(run);
    }
}

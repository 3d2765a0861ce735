namespace GopherFlow.Analyzers.Tests;

/// <summary>Unsuitable code in a state gets a warning at its position. Outside workflow classes there is no warning.</summary>
public sealed class StepCodeRuleTests
{
    [Theory]
    [InlineData("Thread.Sleep(1)", "Thread.Sleep(1)")]
    [InlineData("_ = Work().Result", "Work().Result")]
    [InlineData("Work().Wait()", "Work().Wait()")]
    [InlineData("Task.WaitAll(Work())", "Task.WaitAll(Work())")]
    [InlineData("_ = Work().GetAwaiter().GetResult()", "Work().GetAwaiter().GetResult()")]
    [InlineData(
        "_ = Work().ConfigureAwait(false).GetAwaiter().GetResult()",
        "Work().ConfigureAwait(false).GetAwaiter().GetResult()"
    )]
    [InlineData("_ = Value().Result", "Value().Result")]
    public Task A_blocking_call_is_a_warning(string code, string marked) => WarnsAsync("GF1005", code, marked);

    [Theory]
    [InlineData("await Task.Delay(1)")]
    [InlineData("_ = await Work()")]
    [InlineData("_ = Outside.Blocking()")]
    [InlineData("_ = nameof(Task<int>.Result)")]
    public Task An_awaited_call_gives_no_warning(string code) => IsFineAsync(code);

    [Theory]
    [InlineData("_ = DateTime.Now", "DateTime.Now")]
    [InlineData("_ = DateTime.UtcNow.AddDays(1)", "DateTime.UtcNow")]
    [InlineData("_ = DateTimeOffset.UtcNow", "DateTimeOffset.UtcNow")]
    [InlineData("_ = TimeProvider.System.GetUtcNow()", "TimeProvider.System")]
    public Task The_wall_clock_is_a_warning(string code, string marked) => WarnsAsync("GF1006", code, marked);

    [Theory]
    [InlineData("_ = Step.Clock.GetUtcNow()")]
    [InlineData("_ = System.Diagnostics.Stopwatch.GetTimestamp()")]
    [InlineData("_ = DateTime.MinValue")]
    public Task The_clock_of_the_step_gives_no_warning(string code) => IsFineAsync(code);

    [Theory]
    [InlineData("public static int count = 1;", "count")]
    [InlineData("public static string? Last { get; set; }", "Last")]
    public Task A_mutable_static_field_is_a_warning(string member, string marked) =>
        WarnsAsync("GF1007", "", marked, member);

    [Theory]
    [InlineData("private static readonly TimeSpan Limit = TimeSpan.FromDays(1);")]
    [InlineData("private const int Count = 1;")]
    [InlineData("public static string Name => \"x\";")]
    [InlineData("private static class Kept { public static int Count = 1; }")]
    public Task An_immutable_static_field_gives_no_warning(string member) => IsFineAsync("", member);

    [Theory]
    [InlineData("Step.OnCommit((_, _, stop) => http.GetAsync(\"x\", stop))", "http.GetAsync(\"x\", stop)")]
    [InlineData(
        "Step.OnCommit(async (_, _, _) => { await mail.SendMailAsync(\"a\", \"b\", \"c\", \"d\"); })",
        "mail.SendMailAsync(\"a\", \"b\", \"c\", \"d\")"
    )]
    [InlineData("Step.OnCommit((_, _, _) => socket.ConnectAsync(\"x\", 1))", "socket.ConnectAsync(\"x\", 1)")]
    [InlineData("Step.OnCommit(Tell)", "http.GetStringAsync(\"x\", stop)")]
    [InlineData("Step.OnCommit(async (_, _, stop) => await Ask(stop))", "http.GetStringAsync(\"x\", stop)")]
    public Task An_external_call_within_OnCommit_is_a_warning(string code, string marked) =>
        WarnsAsync("GF1008", code, marked);

    [Theory]
    [InlineData("await http.GetAsync(\"x\"); Step.OnCommit((_, _, _) => Task.CompletedTask)")]
    [InlineData(
        "Step.OnCommit(async (connection, _, stop) => { await using var row = connection.CreateCommand(); await row.ExecuteNonQueryAsync(stop); })"
    )]
    public Task An_external_call_before_OnCommit_gives_no_warning(string code) => IsFineAsync(code);

    private static async Task WarnsAsync(string rule, string code, string marked, string member = "")
    {
        var found = Assert.Single(await Compiled.DiagnosticsOfAsync(ClassWith(code, member)));
        Assert.Equal(
            (rule, marked),
            (found.Split(' ')[0], found[(found.IndexOf(": ", StringComparison.Ordinal) + 2)..])
        );
    }

    private static async Task IsFineAsync(string code, string member = "") =>
        Assert.Empty(await Compiled.DiagnosticsOfAsync(ClassWith(code, member)));

    private static string ClassWith(string code, string member) =>
        $$"""
            using System.Data.Common;
            using System.Net.Mail;
            using System.Net.Sockets;

            public sealed partial class Flow(HttpClient http, SmtpClient mail, Socket socket) : Workflow
            {
                {{member}}

                [Start]
                public async Task<NextState> First()
                {
                    await Task.Yield();
                    {{code}};
                    _ = (http, mail, socket);
                    return To.Done;
                }

                private static Task<int> Work() => Task.FromResult(1);

                private static ValueTask<int> Value() => new(1);

                private Task<string> Ask(CancellationToken stop) => http.GetStringAsync("x", stop);

                private Task Tell(DbConnection connection, DbTransaction transaction, CancellationToken stop) => Ask(stop);

                [End]
                public const string Done = "Done";
            }

            public static class Outside
            {
                public static int Count;

                public static string Blocking() => Task.FromResult(DateTime.Now + "" + Count).Result;
            }
            """;
}

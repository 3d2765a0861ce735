using GopherFlow.Questions.Running;
using GopherFlow.Scripting;
using GopherFlow.Testing;

namespace GopherFlow.Questions;

/// <summary>The script is Scripts/Refund.fsx. An application loads it from its scripts folder; a test compiles it.</summary>
public static class FSharpRecords
{
    public static async Task RunAsync(TextWriter output)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Scripts", "Refund.fsx"));
        using var compiler = new ScriptCompiler(ScriptCompilerOptionsModule.defaults);
        var compiled = await compiler.CompileAsync(
            ScriptSourceModule.single("Refund.fsx", text),
            CancellationToken.None
        );
        Check.That(compiled.IsOk, string.Join('\n', compiled.ErrorValue ?? []));
        using var script = compiled.ResultValue;
        await using var flow = await FlowTest.For(script.Definition);

        var small = await flow.StartAsync(new { customer = "ada", amount = 20 });
        small.AssertPath("Decide", "Refunded").AssertVariable("verdict", "Grant");

        var large = await flow.StartAsync(new { customer = "grace", amount = 900 });
        large.AssertVariable("verdict", new { Ask = "more than 100" });
        await large.SignalAsync("decision", new { accepted = false, by = "bob" });
        large.AssertPath("Decide", "Conclude", "Refused").AssertResult("bob");
        output.WriteLine(large);
    }
}

namespace GopherFlow.Tool.Tests;

/// <summary>The output of <c>gopherflow start</c>.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gopherflow-start-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Warnings_of_the_server_are_printed_with_and_without_a_wait()
    {
        await using var server = await DevServer.StartAsync(folder.FullName);

        var alone = await Tool.RunAsync("start", "Greeting", "--group", "nobody", "--server", server.Url);
        var waiting = await Tool.RunAsync("start", "Greeting", "--group", "nobody", "-w", "1", "--server", server.Url);

        Assert.Equal((0, 1), (alone.Code, waiting.Code));
        const string Warning = "No executor serves the group 'nobody' now";
        Assert.Contains(Warning, alone.Error, StringComparison.Ordinal);
        Assert.Contains(Warning, waiting.Error, StringComparison.Ordinal);
    }
}

namespace GopherFlow.Tool.Tests;

/// <summary>What <c>gopherflow start</c> tells whoever called it.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gopherflow-start-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_the_server_warns_of_is_told_with_a_wait_as_well()
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

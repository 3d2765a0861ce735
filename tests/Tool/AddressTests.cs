namespace GopherFlow.Tool.Tests;

/// <summary>How commands find their server and resolve workflow ids.</summary>
public sealed class AddressTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gopherflow-address-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("flow-server")]
    [InlineData("ftp://flow-server")]
    public async Task An_invalid_server_address_is_rejected_with_its_option(string server)
    {
        var option = await Tool.RunAsync("list", "--server", server);
        var variable = await Tool.RunWithAsync(
            new Dictionary<string, string?> { ["GOPHERFLOW_SERVER"] = server },
            "list"
        );

        Assert.Equal((1, 1), (option.Code, variable.Code));
        var expected = $"is '{server}'; expected an address such as http://localhost:8080.";
        Assert.Contains($"--server {expected}", option.Error, StringComparison.Ordinal);
        Assert.Equal($"GOPHERFLOW_SERVER {expected}", variable.Error.Trim());
    }

    [Fact]
    public async Task A_numeric_external_id_is_found_unless_another_workflow_has_that_id()
    {
        await using var server = await DevServer.StartAsync(folder.FullName);
        async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
            await Tool.RunAsync([.. arguments, "--server", server.Url]);

        await RunAsync("start", "Greeting", "-e", "first");
        await RunAsync("start", "Greeting", "-e", "1");
        await RunAsync("start", "Greeting", "-e", "1042");

        Assert.Equal(0, (await RunAsync("show", "1042")).Code);
        var ambiguous = await RunAsync("cancel", "1");
        Assert.Equal(1, ambiguous.Code);
        Assert.Contains("the external id 'first'", ambiguous.Error, StringComparison.Ordinal);
        Assert.Contains("with the id 2", ambiguous.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("show", "2")).Code);
        Assert.Equal(1, (await RunAsync("show", "1043")).Code);
    }

    [Fact]
    public async Task An_external_id_that_cannot_be_part_of_a_URL_is_found()
    {
        await using var server = await DevServer.StartAsync(folder.FullName);
        await Tool.RunAsync("start", "Greeting", "-e", "..", "--server", server.Url);

        var found = await Tool.RunAsync("show", "..", "--server", server.Url);
        var missing = await Tool.RunAsync("show", ".", "--server", server.Url);

        Assert.Equal((0, 1), (found.Code, missing.Code));
        Assert.Equal("There is no workflow with the key '.'.", missing.Error.Trim());
    }
}

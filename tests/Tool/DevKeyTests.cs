namespace GopherFlow.Tool.Tests;

/// <summary>The API key of <c>gopherflow dev</c>: one per user, readable only by that user.</summary>
public sealed class DevKeyTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gopherflow-key-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_first_process_creates_the_key_and_others_read_it()
    {
        var cancellation = TestContext.Current.CancellationToken;

        var keys = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => Of("one").MakeAsync(cancellation), cancellation))
        );

        var key = Assert.Single(keys.Distinct());
        Assert.Matches("^[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(key, Of("one").Find());
        Assert.NotEqual(key, await Of("another").MakeAsync(cancellation));
    }

    [Fact]
    public async Task Only_the_user_can_read_the_file()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("On Windows the folder is not accessible to other users.");
            return;
        }

        var key = Of("one");
        await key.MakeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key.Location));
    }

    [Fact]
    public async Task A_key_file_that_stays_empty_is_reported()
    {
        var key = Of("one");
        Directory.CreateDirectory(Path.GetDirectoryName(key.Location)!);
        await File.WriteAllTextAsync(key.Location, "", TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<CommandException>(() =>
            key.MakeAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains(key.Location, fault.Message, StringComparison.Ordinal);
        Assert.Null(key.Find());
    }

    [Fact]
    public async Task Without_a_key_a_command_names_the_options_and_the_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows no environment variable sets the folder.");

        var (code, _, error) = await Tool.RunWithAsync(
            new Dictionary<string, string?>
            {
                ["HOME"] = folder.FullName,
                ["XDG_DATA_HOME"] = folder.FullName,
                ["GOPHERFLOW_API_KEY"] = null,
            },
            "list",
            "--server",
            "http://localhost:1"
        );

        Assert.Equal(1, code);
        Assert.Contains("--key or GOPHERFLOW_API_KEY", error, StringComparison.Ordinal);
        Assert.Contains(folder.FullName, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dev_server_accepts_only_the_key_of_its_user()
    {
        await using var server = await DevServer.StartAsync(folder.FullName);

        var own = await Tool.RunAsync("list", "--server", server.Url);
        var published = await Tool.RunAsync(
            "list",
            "--server",
            server.Url,
            "--key",
            "gopherflow-dev-key-of-this-machine"
        );

        Assert.Equal((0, ""), (own.Code, own.Error));
        Assert.Equal(1, published.Code);
        Assert.Contains("The key in the header X-API-Key is not valid.", published.Error, StringComparison.Ordinal);
    }

    private DevKey Of(string user) => new(Path.Combine(folder.FullName, user, "gopherflow"));
}

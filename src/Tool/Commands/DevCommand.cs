using System.CommandLine;
using GopherFlow.Scripting;
using GopherFlow.Server;
using GopherFlow.Settings;
using GopherFlow.Stores.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Tool.Commands;

/// <summary><c>gopherflow dev</c>: a server on SQLite with the console. It watches a folder of scripts and runs them.</summary>
internal static class DevCommand
{
    private const string FirstScript = """
        open GopherFlow.FSharp

        let greet (step: Step) =
            let name = step.Vars.TryText "name" |> Option.defaultValue "world"
            step.Vars["greeting"] <- $"Hello, {name}"
            goto "Done"

        let workflow =
            workflow "Greeting" {
                description "Greets somebody"
                start "Greet" greet
                finish "Done"
            }

        """;

    public static Command Of()
    {
        var port = new Option<int>("--port", "-p")
        {
            Description = "The port to listen on, on this machine only.",
            DefaultValueFactory = _ => 8080,
        };
        var scripts = new Option<DirectoryInfo>("--scripts", "-s")
        {
            Description = "The folder of scripts. If it does not exist, it is created with one script.",
            DefaultValueFactory = _ => new DirectoryInfo("scripts"),
        };
        var database = new Option<FileInfo>("--database", "-d")
        {
            Description = "The SQLite file.",
            DefaultValueFactory = _ => new FileInfo("gflow.db"),
        };
        var command = new Command(
            "dev",
            "Runs a server for development: SQLite, the console, a watched folder of scripts."
        )
        {
            port,
            scripts,
            database,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var folder = parsed.GetValue(scripts)!;
                await PrepareAsync(folder, cancellation);
                var key = await DevKey.OfUser().MakeAsync(cancellation);
                var app = Build(parsed.GetValue(port), folder, parsed.GetValue(database)!, key);
                Console.WriteLine(
                    $"http://localhost:{parsed.GetValue(port)}  user admin, password admin, on this machine only. Scripts: {folder}. Press Ctrl+C to stop."
                );
                return await app.RunGopherFlowAsync();
            }
        );
        return command;
    }

    private static WebApplication Build(int port, DirectoryInfo scripts, FileInfo database, string key)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["HTTP_ADDR"] = $"localhost:{port}",
                ["GFLOW_SCRIPTS_DIR"] = scripts.FullName,
                ["GFLOW_DATABASE_SQLLITE_FILE_NAME"] = database.FullName,
                ["GFLOW_ADMIN_API_KEY"] = key,
            }
        );
        builder.AddGopherFlow(
            new SettingsReader(name => builder.Configuration[name]),
            flow => flow.UseSqlite().UseScripts()
        );
        var app = builder.Build();
        app.MapGopherFlow();
        return app;
    }

    private static async Task PrepareAsync(DirectoryInfo folder, CancellationToken cancellation)
    {
        if (!folder.Exists)
        {
            folder.Create();
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "Greeting.fsx"),
                FirstScript.ReplaceLineEndings("\n"),
                cancellation
            );
        }
    }
}

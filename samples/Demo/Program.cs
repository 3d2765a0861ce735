using GopherFlow.Demo;
using GopherFlow.Scripting;
using GopherFlow.Server;
using GopherFlow.Settings;
using GopherFlow.Stores.MySql;
using GopherFlow.Stores.Postgres;
using GopherFlow.Stores.Sqlite;

if (args is ["health"])
{
    var configuration = WebApplication.CreateSlimBuilder().Configuration;
    return await HealthCheck.RunAsync(new SettingsReader(name => configuration[name]));
}

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
var settings = new SettingsReader(name => builder.Configuration[name]);
builder.Services.AddDemo(settings);
builder.AddGopherFlow(
    settings,
    flow =>
        flow.UseSqlite()
            .UsePostgres()
            .UseMySql()
            .UseScripts()
            .AddWorkflow<DemoWorkflow>()
            .AddWorkflow<GetIpWorkflow>()
            .AddWorkflow<DemoParentWorkflow>()
            .AddWorkflow<DemoChildWorkflow>()
);
var app = builder.Build();
app.MapGopherFlow();
return await app.RunGopherFlowAsync();

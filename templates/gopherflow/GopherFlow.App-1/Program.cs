using GopherFlow.App_1;
using GopherFlow.Server;
using GopherFlow.Stores.Sqlite;

var builder = WebApplication.CreateBuilder(args);
builder.AddGopherFlow(flow => flow.UseSqlite().AddWorkflow<Greeting>());
var app = builder.Build();
app.MapGopherFlow();
return await app.RunGopherFlowAsync();

using GopherFlow.Questions.Running;

if (
    args is [var name]
    && Catalogue.All.SingleOrDefault(question => question.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        is { } asked
)
{
    Console.WriteLine(asked.Text);
    Console.WriteLine();
    await asked.RunAsync(Console.Out);
    return 0;
}

foreach (var question in Catalogue.All)
{
    Console.WriteLine($"{question.Name, -18} {question.Text}");
}

return args is [] ? 0 : 1;

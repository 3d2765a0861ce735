using GopherFlow.Questions.Running;

namespace GopherFlow.Demo.Tests;

/// <summary>Runs the small programs of samples/Questions. Each throws when the result differs from its answer.</summary>
public sealed class QuestionTests
{
    private static readonly string Folder = Repository.PathOf("samples/Questions");

    public static TheoryData<string> Names => [.. Catalogue.All.Select(question => question.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task A_sample_answers_its_question(string name)
    {
        using var output = new StringWriter();

        await Catalogue.All.Single(question => question.Name == name).RunAsync(output);

        Assert.NotEmpty(output.ToString());
    }

    [Fact]
    public void Every_file_is_in_the_catalogue() =>
        Assert.Equal(
            Directory.EnumerateFiles(Folder, "*.cs").Select(Path.GetFileNameWithoutExtension).Order(),
            Catalogue.All.Select(question => question.Name).Order()
        );

    [Theory, MemberData(nameof(Names))]
    public void A_sample_has_at_most_100_lines(string name) =>
        Assert.InRange(File.ReadLines(Path.Combine(Folder, $"{name}.cs")).Count(), 1, 100);

    [Fact]
    public void The_list_of_samples_is_complete()
    {
        var list = File.ReadAllText(Repository.PathOf("samples/README.md"));

        Assert.All(
            Catalogue.All,
            question => Assert.Contains($"| [{question.Name}](Questions/{question.Name}.cs) | {question.Text} |", list)
        );
    }
}

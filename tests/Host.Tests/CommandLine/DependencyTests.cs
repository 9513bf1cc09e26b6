using System.Text.Json;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

public sealed class DependencyTests
{
    /// <summary>Hyperion creates any object that a message names; Akka would use it if it were there.</summary>
    [Fact]
    public async Task The_program_does_not_carry_a_serializer_that_creates_whatever_a_message_names()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "involute.deps.json");
        await using var stream = File.OpenRead(file);
        using var dependencies = await JsonDocument.ParseAsync(
            stream, cancellationToken: TestContext.Current.CancellationToken);
        string[] names =
        [
            .. dependencies.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name),
        ];
        Assert.Contains(names, name => name.StartsWith("Akka.Remote/", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.Contains("Hyperion", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(Directory.GetFiles(AppContext.BaseDirectory, "*Hyperion*", SearchOption.AllDirectories));
    }
}

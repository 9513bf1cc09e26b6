using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class DataFileTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();
    private readonly ScratchFolder _data = new();

    public void Dispose()
    {
        _runs.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Whole_files_train()
    {
        IdxFiles.Write(_data.Path);
        (await TrainAsync(_data.Path)).Expect(0);
    }

    [Fact]
    public async Task A_missing_folder_is_65()
    {
        (await TrainAsync(_data.File("none"))).ExpectOneLine(65, _data.File("none"));
        Assert.Empty(_runs.Entries());
    }

    [Theory]
    [InlineData("missing", "t10k-labels-idx1-ubyte")]
    [InlineData("magic", "train-images-idx3-ubyte", "magic")]
    [InlineData("count", "train-labels-idx1-ubyte")]
    [InlineData("gzip", "train-images-idx3-ubyte.gz")]
    [InlineData("label", "train-labels-idx1-ubyte", "200")]
    public async Task A_broken_file_is_65_and_one_line_that_names_it(string damage, params string[] parts)
    {
        IdxFiles.Write(_data.Path);
        Break(damage);
        (await TrainAsync(_data.Path)).ExpectOneLine(65, parts);
        Assert.Empty(_runs.Entries());
    }

    private void Break(string damage)
    {
        switch (damage)
        {
            case "missing":
                File.Delete(_data.File(IdxFiles.TestLabels));
                break;
            case "magic":
                IdxFiles.SetByte(_data.File(IdxFiles.TrainImages), 2, 9);
                break;
            case "count":
                IdxFiles.SetByte(_data.File(IdxFiles.TrainLabels), 7, 101);
                break;
            case "gzip":
                IdxFiles.HalveCompressed(_data.File(IdxFiles.TrainImages));
                break;
            default:
                IdxFiles.SetByte(_data.File(IdxFiles.TrainLabels), 8 + 7, 200);
                break;
        }
    }

    private Task<InvoluteOutcome> TrainAsync(string folder) => _runs.TrainAsync(
        "a", "outer-steps=2", $"task={{ name = image-mlp, data-folder = \"{folder}\", hidden = [4], batch-size = 2 }}");
}

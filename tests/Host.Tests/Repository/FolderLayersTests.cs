using Xunit;

namespace Involute.Host.Tests.Repository;

public sealed class FolderLayersTests
{
    public static TheoryData<string> Projects =>
    [
        .. Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src"))
            .Where(folder => SourceTree.Files(folder, "*.cs").Any())
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_folders_of_a_project_use_each_other_downwards_only(string project)
    {
        var root = Path.Combine(SourceTree.Root, "src", project);
        var layers = Path.Combine(root, FolderLayers.FileName);
        Assert.True(File.Exists(layers), $"src/{project} has no {FolderLayers.FileName}");
        SourceFile[] files =
        [
            .. SourceTree.Files(root, "*.cs").Select(file => new SourceFile(
                SourceTree.Name(file),
                Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/'),
                File.ReadAllText(file))),
        ];
        Assert.Empty(FolderLayers.Problems(FolderLayers.Read(File.ReadLines(layers)), files));
    }

    [Fact]
    public void A_use_upwards_is_told_however_it_is_written()
    {
        SourceFile[] files =
        [
            At("Top/Roof.cs", "namespace P.Top;\npublic sealed class Roof;"),
            At("Top/Attic/Beam.cs", "namespace P.Top.Attic;\ninternal sealed class Beam\n{\n    private Roof? _above;\n}"),
            At("Base/Floor.cs", "using P.Top;\n\nnamespace P.Base;\n\npublic static class Floor;"),
            At("Base/Stair.cs", "using static P.Top.Roof;\n\nnamespace P.Base;"),
            At("Base/Door.cs", "using Up = P.Top.Roof;\n\nnamespace P.Base;"),
        ];

        Assert.Equal(
            [
                "Top/Attic/Beam.cs uses Top, which is above it (Roof)",
                "Base/Floor.cs uses Top, which is above it (using P.Top)",
                "Base/Stair.cs uses Top, which is above it (using P.Top)",
                "Base/Door.cs uses Top, which is above it (using P.Top)",
            ],
            FolderLayers.Problems(["Top", "Top/Attic", "Base"], files));
    }

    [Fact]
    public void A_use_downwards_a_comment_and_a_text_are_none()
    {
        SourceFile[] files =
        [
            At("Top/Roof.cs", "using P.Base;\n\nnamespace P.Top;\n\npublic sealed class Roof;"),
            At("Base/Floor.cs", "namespace P.Base;\n\n/// <see cref=\"Roof\"/> using P.Top;\npublic static class Floor\n{\n    const string A = \"Roof\";\n}"),
        ];

        Assert.Empty(FolderLayers.Problems(["Top", "Base"], files));
    }

    [Fact]
    public void Folders_that_are_not_listed_or_not_there_are_told()
    {
        SourceFile[] files = [At("Base/Floor.cs", "namespace P.Base;")];

        Assert.Equal(
            ["Base is not in layers.txt", "Cellar is in layers.txt and holds no file"],
            FolderLayers.Problems(FolderLayers.Read(["# from top to bottom", "Cellar  # dark", ""]), files));
    }

    private static SourceFile At(string path, string text) =>
        new(path, Path.GetDirectoryName(path)!.Replace('\\', '/'), text);
}

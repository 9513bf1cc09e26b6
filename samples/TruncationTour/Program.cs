// A tour of truncated training: from a schedule's done flags to a PES estimate of eight unrolls out of lockstep.
// docs/tour.md shows what it prints and draws.
//
//   dotnet run --project samples/TruncationTour [folder for the pictures]

using System.Globalization;
using Involute.Samples.TruncationTour;
using Involute.Samples.TruncationTour.Stations;
using ScottPlot;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = Directory.CreateDirectory(args.Length > 0 ? args[0] : "tour").FullName;

IStation[] stations =
[
    new DoneFlags(), new SequentialTraining(), new InLockstep(), new OutOfLockstep(), new FullESEstimate(), new PersistentESEstimate(),
];

for (var i = 0; i < stations.Length; i++)
{
    var station = stations[i];
    Console.WriteLine($"{(i > 0 ? Environment.NewLine : string.Empty)}{i + 1}. {station.Title}");
    Console.WriteLine();
    station.Run(Console.Out);

    var plot = new Plot();
    station.Draw(plot);
    plot.Title(station.Title);
    plot.SavePng(Path.Combine(folder, station.Picture), 680, 320);
}

Console.WriteLine();
Console.WriteLine($"pictures: {string.Join(", ", stations.Select(station => station.Picture))}");

using ParcelEta;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(Estimate.Train("data/parcels.csv"));
var app = builder.Build();
app.MapPost("/estimates", (Parcel parcel, Estimate estimate) => new { days = estimate.Days(parcel) });
app.Run();

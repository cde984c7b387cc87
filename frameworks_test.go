package pmpsmart_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// refusedFields is what becomes of a response with a validator's error of one field.
const refusedFields = "refused: x map[kode:[x]], refused by validation"

// TestWhatFrameworksSend has responses in the habits of frameworks, and what becomes of
// each.
func TestWhatFrameworksSend(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]decoding{
		"validators": {
			// Yii, and class-validator before Nest wraps it: the list is the whole body.
			{"insert", `422 [{"field":"kode","message":"x"}]`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 [{"target":{},"property":"kode","children":[],"constraints":{"isString":"x"}}]`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `422 ["x","y"]`, "refused: x; y, refused by validation"},
			{"insert", `422 {"name":"Unprocessable entity","message":"x","code":0,"status":422,"errors":[{"field":"kode","message":"x"}]}`, refusedFields},
			// Spring.
			{"insert", `400 {"timestamp":"2026-02-02T01:15:30.000+00:00","status":400,"error":"Bad Request","message":"x","errors":[{"codes":["NotBlank.kode"],"arguments":[{"codes":["kode"],"defaultMessage":"kode","code":"kode"}],"defaultMessage":"x","objectName":"order","field":"kode","rejectedValue":null,"bindingFailure":false,"code":"NotBlank"}],"path":"/order"}`, refusedFields},
			{"insert", `400 {"title":"x","status":400,"message":"x","path":"/order","fieldErrors":[{"objectName":"order","field":"kode","message":"x"}]}`, refusedFields},
			{"insert", `400 {"apierror":{"status":"BAD_REQUEST","message":"x","subErrors":[{"object":"order","field":"kode","rejectedValue":null,"message":"x"}]}}`, refusedFields},
			{"insert", `400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"y","instance":"/order","errors":{"kode":"x"}}`, "refused: kode: x map[kode:[x]], refused by validation"},
			// Symfony and API Platform.
			{"insert", `422 {"@type":"ConstraintViolationList","title":"An error occurred","detail":"x","violations":[{"propertyPath":"kode","message":"x","code":"c1051bb4"}]}`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `422 {"@type":"ConstraintViolation","hydra:title":"x","hydra:description":"x","violations":[{"propertyPath":"kode","message":"x"}]}`, "refused: kode: x map[kode:[x]], refused by validation"},
			// NestJS.
			{"insert", `400 {"statusCode":400,"message":["kode must be a string","y"],"error":"Bad Request"}`, "refused: kode must be a string; y"},
			{"insert", `400 {"statusCode":400,"error":"Bad Request","message":[{"target":{"kode":""},"value":"","property":"kode","children":[],"constraints":{"isNotEmpty":"x","isString":"y"}}]}`, "refused: kode: x; y map[kode:[x y]], refused by validation"},
			{"insert", `400 {"statusCode":400,"error":"Bad Request","message":[{"property":"items","children":[{"property":"0","children":[{"property":"qty","constraints":{"min":"x"}}]}]}]}`, "refused: items.0.qty: x map[items.0.qty:[x]], refused by validation"},
			// ASP.NET.
			{"insert", `400 {"type":"https://tools.ietf.org/html/rfc7231","title":"y","status":400,"traceId":"00-8","errors":{"kode":["x"]}}`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 {"Message":"x","ModelState":{"kode":["x"]}}`, refusedFields},
			{"insert", `400 [{"propertyName":"kode","errorMessage":"x","attemptedValue":"","severity":0,"errorCode":"NotEmptyValidator"}]`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 {"error":{"code":null,"message":"x","details":"y","data":{},"validationErrors":[{"message":"x","members":["kode"]}]}}`, refusedFields},
			{"insert", `400 [{"memberNames":["kode","status"],"errorMessage":"x"}]`, "refused: kode: x; status: x map[kode:[x] status:[x]], refused by validation"},
			// Zod.
			{"insert", `400 {"success":false,"error":{"issues":[{"code":"invalid_type","expected":"string","received":"undefined","path":["kode"],"message":"x"}],"name":"ZodError"}}`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 {"message":"x","issues":[{"code":"invalid_type","path":["items",0,"kode"],"message":"x"}]}`, "refused: x map[items.0.kode:[x]], refused by validation"},
			{"insert", `{"success":false,"message":"x","issues":[{"path":["kode"],"message":"x"}]}`, refusedFields},
			{"insert", `400 {"message":"x","error":{"formErrors":[],"fieldErrors":{"kode":["x"]}}}`, refusedFields},
			{"insert", `400 {"message":"x","errors":{"_errors":[],"kode":{"_errors":["x"]}}}`, refusedFields},
			// express-validator, Joi, celebrate, Mongoose, Sequelize, Ajv.
			{"insert", `400 {"errors":[{"value":"","msg":"x","param":"kode","location":"body"}]}`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 {"errors":[{"type":"field","value":"","msg":"x","path":"kode","location":"body"}]}`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 {"message":"x","errors":{"kode":{"value":"","msg":"x","param":"kode","location":"body"}}}`, refusedFields},
			{"insert", `400 {"details":[{"message":"x","path":["kode"],"type":"any.required","context":{"label":"kode","key":"kode"}}],"_original":{}}`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 {"error":{"message":"x","details":[{"message":"x","path":["kode"],"type":"any.required"}]}}`, refusedFields},
			{"insert", `400 {"statusCode":400,"error":"Bad Request","message":"x","validation":{"body":{"source":"body","keys":["kode"],"message":"x"}}}`, refusedFields},
			{"insert", `400 {"statusCode":400,"error":"Bad Request","message":"x","validation":{"source":"payload","keys":["kode"]}}`, "refused: x"},
			{"insert", `400 {"errors":{"kode":{"name":"ValidatorError","message":"x","properties":{"message":"x","type":"required","path":"kode"},"kind":"required","path":"kode"}},"_message":"x","message":"y","name":"ValidationError"}`, refusedFields},
			{"insert", `400 {"name":"SequelizeValidationError","message":"x","errors":[{"message":"x","type":"notNull Violation","path":"kode","value":null,"origin":"CORE","instance":{"id":null},"validatorKey":"is_null"}]}`, refusedFields},
			{"insert", `400 {"message":"x","errors":[{"instancePath":"/kode","schemaPath":"#/x","keyword":"type","params":{"type":"string"},"message":"x"}]}`, refusedFields},
			// Django REST framework.
			{"insert", `400 {"kode":["x"],"non_field_errors":["y"]}`, "refused: kode: x; non_field_errors: y map[kode:[x] non_field_errors:[y]], refused by validation"},
			{"insert", `400 {"kode":["x"],"status":["y"]}`, "refused: kode: x; status: y map[kode:[x] status:[y]], refused by validation"},
			{"insert", `400 {"items":[{},{"qty":["x"]}]}`, "refused: items.1.qty: x map[items.1.qty:[x]], refused by validation"},
			{"insert", `400 {"address":{"city":["x"]}}`, "refused: address.city: x map[address.city:[x]], refused by validation"},
			{"insert", `422 {"detail":[{"type":"missing","loc":["body","kode"],"msg":"x","input":{}}]}`, "refused: kode: x map[kode:[x]], refused by validation"},
			// CodeIgniter, CakePHP, Laminas, Strapi, Google.
			{"insert", `400 {"status":400,"error":400,"messages":{"kode":"x"}}`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 {"status":400,"error":400,"messages":{"error":"x"}}`, "refused: x"},
			{"get", `404 {"status":404,"error":404,"messages":{"error":"x"}}`, "not found"},
			{"insert", `201 {"status":201,"error":null,"messages":{"success":"Data tersimpan"}}`, "0 A 1"},
			{"insert", `{"status":201,"error":null,"messages":{"success":"Data tersimpan"}}`, "0 A 1"},
			{"insert", `422 {"message":"x","url":"/order","code":422,"errors":{"kode":{"_empty":"x"}}}`, refusedFields},
			{"insert", `422 {"validation_messages":{"kode":{"isEmpty":"x"}},"type":"http://www.w3.org","title":"Unprocessable Entity","status":422,"detail":"y"}`, "refused: kode: x map[kode:[x]], refused by validation"},
			{"insert", `400 {"data":null,"error":{"status":400,"name":"ValidationError","message":"x","details":{"errors":[{"path":["kode"],"message":"x","name":"ValidationError"}]}}}`, refusedFields},
			{"insert", `400 {"error":{"code":400,"message":"x","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"kode","description":"x"}]}]}}`, refusedFields},
			{"insert", `422 {"kode":["x"]}`, "refused: kode: x map[kode:[x]], refused by validation"},
			// What names no field.
			{"insert", `{"status":"error","message":"x","details":{"hint":"y"}}`, "refused: x"},
			{"insert", `{"status":"error","message":"x","details":[{"hint":"y"}]}`, "refused: x"},
			{"insert", `500 {"message":"x","details":[{"file":"a.php","line":3}]}`, "unknown"},
		},
		"writes that changed nothing": {
			{"update", `{"success":true,"data":{"saved":false}}`, "198 status=open drift at data"},
			{"update", `{"success":true,"data":{"updated":false}}`, "198 status=open drift at data"},
			{"update", `{"success":true,"data":{"affected":0}}`, `198 status=open extra={"affected":0} drift at data`},
			{"update", `{"status":"success","message":"ok","data":{"affected_rows":"0"}}`, `198 status=open extra={"affected_rows":"0"} drift at data`},
			{"update", `{"status":"success","data":{"acknowledged":true,"matchedCount":1,"modifiedCount":0}}`, `198 status=open extra={"acknowledged":true,"matchedCount":1,"modifiedCount":0} drift at data`},
			{"update", `{"status":"success","data":{"acknowledged":true,"matchedCount":1,"modifiedCount":1}}`, `198 status=open extra={"acknowledged":true,"matchedCount":1,"modifiedCount":1}`},
			{"update", `{"status":"success","data":{"saved":true}}`, `198 status=open extra={"saved":true}`},
			{"update", `{"status":"success","data":[false]}`, "198 status=open drift at data"},
			{"update", `{"status":"success","data":[0]}`, "198 status=open drift at data"},
			{"update", `{"status":"success","data":0}`, "198 status=open drift at data"},
			{"update", `{"status":"success","data":"0"}`, "198 status=open drift at data"},
			{"update", `{"status":"success","data":1}`, "198 status=open"},
			{"update", `{"status":"success","data":[1]}`, "198 status=open"},
			{"update", `{"success":true,"affected_rows":0}`, `198 status=open extra={"affected_rows":0} drift at data`},
			{"update", `{"status":true,"message":"ok","updated":false}`, `198 status=open extra={"updated":false} drift at data`},
			{"update", `{"n":0,"nModified":0,"ok":1}`, `198 status=open extra={"n":0,"nModified":0,"ok":1} drift at data`},
			{"update", `{"n":1,"nModified":1,"ok":1}`, `198 status=open extra={"n":1,"nModified":1,"ok":1}`},
			{"update", `{"ok":true,"error":"x"}`, `198 status=open extra={"ok":true} drift at data`},
			{"update", `{"status":"success","affected_rows":2}`, `198 status=open extra={"affected_rows":2}`},
			{"insert", `{"status":"success","data":{"saved":false}}`, "unknown"},
			{"insert", `{"status":"success","data":0}`, "unknown"},
			{"insert", `{"status":"success","inserted":0}`, "unknown"},
			{"insert", `{"status":"success","inserted":1}`, "0 A 1"},
			{"insert", `{"status":"success","success_count":0,"failed_count":1,"errors":[{"kode_order":"A","message":"x"}]}`, "unknown"},
			{"insert", `{"status":"success","success_count":1,"failed_count":0,"errors":[]}`, "0 A 1"},
			{"insert", `{"status":"success","data":{"success":[],"failed":[{"kode_order":"A","error":"x"}]}}`, "unknown"},
			{"insert", `{"ok":true,"error":"x"}`, "unknown"},
			{"insert", `{"status":"success","errors":{"kode":["x"]}}`, "unknown"},
			{"insert", `{"status":"success","error":null,"errors":[],"data":null}`, "0 A 1"},
			{"insert", `{"status":"queued","id":null}`, "unknown"},
			{"insert", `{"kode_order":"A","status":"failed"}`, "unknown"},
			{"insert", `{"data":{"kode_order":"A","status":"gagal"}}`, "unknown"},
			{"insert", `{"kode_order":"A","status":"completed"}`, "0 A 1"},
			{"insert", `{"id":7,"kode_order":"A","status":"baru"}`, "7 A 1 drift at status"},
			{"insert", `{"data":{"saved":false}}`, "unknown"},
			{"insert", `{"data":0}`, "unknown"},
			{"get", `{"status":"success","data":0}`, "not found"},
		},
		"refusals that stand in data": {
			{"get", `{"success":false,"data":{"name":"Not Found","message":"x","code":0,"status":404,"type":"yii\\web\\NotFoundHttpException"}}`, "not found"},
			{"list", `{"success":false,"data":{"name":"Forbidden","message":"x","code":0,"status":403}}`, "refused: x, forbidden"},
			{"list", `{"success":false,"data":{"status":403}}`, "refused: "},
			{"insert", `{"status":"error","message":"x","error":{"code":422,"fields":{"kode":"x"}}}`, refusedFields},
		},
		"groups without records": {
			{"list", `{"data":[{"id":3,"nama":"T","orders":[{"id":1,"kode_order":"A","user_id":2,"outlet_id":3}]},{"id":4,"nama":"U","orders":[]}]}`, `[1 code=A extra={"nama":"T"}]`},
			{"list", `{"data":[{"id":4,"nama":"U","orders":[]},{"id":3,"nama":"T","orders":[{"id":1,"kode_order":"A","user_id":2,"outlet_id":3}]}]}`, `[4 extra={"nama":"U","orders":[]}, 1 code=A extra={"nama":"T"}] drift at data.*`},
			{"list", `{"data":[{"id":4,"items":[]}]}`, `[4 extra={"items":[]}]`},
		},
		"a bare record beside a message": {
			{"get", `{"message":"ok","id":198,"kode_order":"A","status":"cancel"}`, "198 code=A status=cancel"},
			{"get", `{"message":"ok","success":true,"id":198,"kode_order":"A","status":"pending","user_id":2}`, `198 code=A status=pending`},
			{"get", `{"message":"ok","id":198,"kode_order":"A","status":"failed"}`, "198 code=A status=failed drift at status"},
			{"get", `{"message":"ok","id":198,"kode_order":"A","status":"dikirim"}`, "198 code=A status=dikirim"},
			{"get", `{"status":"error","message":"x","id":198}`, "refused: x"},
			{"insert", `{"message":"x","status":"failed","kode_order":"A"}`, "refused: x"},
			{"get", `{"message":"x","success":false,"id":198,"kode_order":"A","status":"cancel"}`, "refused: x"},
			{"get", `{"message":"x","id":198,"kode_order":"A","status":404}`, "not found"},
		},
		"around the JSON": {
			{"get", "<br />\n<b>Warning</b>: x in <b>a.php</b><br />\n" + `{"data":{"id":198}}` + "\n<!-- 0.2 s -->", "198 drift at body"},
			{"get", "Warning: x in a.php on line 3\n" + `{"data":{"id":198}}` + "\nNotice: y in b.php on line 4\n", "198 drift at body"},
			{"list", "Notice: x [] in a.php\n" + `[{"id":1},{"id":2}]` + "<script>x({})</script>", "[1, 2] drift at body"},
			{"list", "Notice: x\n" + `{"data":[{"id":1}]}{"data":[{"id":2}]}`, "unclear"},
			{"get", "\ufeff\ufeff" + `{"data":{"id":198}}`, "198 drift at body"},
			{"get", "\ufeff\r\n\ufeff" + `{"data":{"id":198}}` + "\ufeff\ufeff", "198 drift at body"},
			{"get", `callback({"data":{"id":198}})`, "198 drift at body"},
			{"get", `/**/ jQuery123_456({"data":{"id":198}});` + "\n", "198 drift at body"},
			{"list", `cb([{"id":1}]);`, "[1] drift at body"},
			{"list", `cb([])`, "[] drift at body"},
			{"list", `cb({"data":[]});`, "[] drift at body"},
			{"get", `typeof cb === 'function' && cb({"data":{"id":198}});`, "198 drift at body"},
			{"get", `try{cb({"data":{"id":198}})}catch(e){}`, "unclear"},
			{"get", ")]}',\n" + `{"data":{"id":198}}`, "198 drift at body"},
			{"list", ")]}'\n" + `[{"id":1}]`, "[1] drift at body"},
			{"list", `while(1);[]`, "[] drift at body"},
			{"list", `while(1);[{"id":1}]`, "[1] drift at body"},
			{"list", `for (;;);{"data":[{"id":1}]}`, "[1] drift at body"},
			{"list", `for(;;);[]`, "[] drift at body"},
			{"get", `"{\"status\":\"success\",\"data\":{\"id\":198}}"`, "198 drift at body"},
			{"get", `"\"{\\\"data\\\":{\\\"id\\\":198}}\""`, "198 drift at body"},
			{"get", "\ufeff" + `"{\"data\":{\"id\":198}}"`, "198 drift at body drift at body"},
			{"get", "Warning: x\n" + `"{\"data\":{\"id\":198}}"`, "198 drift at body drift at body"},
			{"insert", `422 "{\"message\":\"x\",\"errors\":{\"kode\":[\"x\"]}}"`, refusedFields},
			{"get", `{"data":{"id":198,}}`, "unclear"},
			{"get", `{'data':{'id':198}}`, "unclear"},
			{"list", "{\"data\":{\"data\":[{\"id\":1}],\"filter\":{\"q\":\"a\tb\",\"c\":[\"d\ne\"]},\"x\":1}}", "[1]"},
			{"list", "{\"data\":{\"orders\":[{\"id\":1}],\"filter\":{\"a\":{\"q\":\"a\tb\"}}},\"message\":\"a\nb\"}", "[1]"},
			{"list", "{\"data\":{\"orders\":[{\"id\":1}],\"notes\":[\"a\tb\"]}}", "[1]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, d := range rows {
				assert.Equal(t, d.want, readBy(t, d.op, serveDecoding(t, d.body)), "%s: %s", d.op, d.body)
			}
		})
	}
}
